/** Is one entry what it says? One step after the other, up to the first that fails; none changes anything. */
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { FormatError } from '../../base/errors.js';
import { messageOf } from '../../base/thrown.js';
import { isErrno } from '../../base/files/files.js';
import type { Flow } from '../../base/run/flow.js';
import { NotAFileError, openRegularFile } from '../../base/files/open-regular-file.js';
import type { Codec } from '../../codec/shared/codec.js';
import { codecNamed } from '../../codec/registry.js';
import { checksumOf } from '../record/checksum.js';
import { findEntry } from '../entry/find.js';
import { isAtItsPlace, placeUnder } from '../entry/leftovers.js';
import { checksumOfFile, readParts } from '../disk/read-data.js';
import { isVersionStem } from '../entry/versions.js';
import { lineOf } from '../record/line.js';
import { isOfNewerFormat, looksLikeRecord, parseRecord, type EntryRecord } from '../record/record.js';

/** What is wrong with an entry. */
export interface Fault {
  problem: 'damaged record' | 'missing data' | 'wrong size' | 'wrong checksum' | 'unreadable' | 'foreign' | 'leftover';
  detail: string;
}

/** Data above this many bytes is not decoded: it would have to be in memory as a whole. */
const LARGEST_DECODED = 1 << 26;

/** What is known of an entry while it is looked at. */
interface Look {
  folder: string;
  stem: string;
  text: string;
  record: EntryRecord;
  codec: Codec | undefined;
  /** The data file, open; of a value that lives in the record, and of pruned data, there is none. */
  fd: number | undefined;
}

/** What looking at an entry came to. */
export interface Inspected {
  record?: EntryRecord;
  fault?: Fault;
  /** Its data was removed, and that is as it should be. */
  isPruned?: true;
}

/** The steps, in their order: those that need no data first. */
const QUICK_STEPS: readonly ((look: Look) => Fault | undefined)[] = [placed, spokenOf, readable, present, ofRightSize];
const STEPS: readonly ((look: Look) => Flow<Fault | undefined>)[] = [unchanged, decodable];

/**
 * @param folder of the tag
 * @param stem the entry's path without extension
 * @param text of the record
 * @returns the record, where it is one, and what is wrong
 */
export function* inspectEntry(folder: string, stem: string, text: string): Flow<Inspected> {
  const record = parseRecord(text);
  if (record === undefined) return { fault: faultOfText(text) };
  const look: Look = { folder, stem, text, record, codec: codecNamed(record.codec), fd: undefined };
  try {
    for (const step of QUICK_STEPS) {
      const fault = step(look);
      if (fault !== undefined) return { record, fault };
    }
    if (record.pruned !== undefined && look.fd === undefined) return { record, isPruned: true };
    for (const step of STEPS) {
      const fault = yield* step(look);
      if (fault !== undefined) return { record, fault };
    }
    return { record };
  } finally {
    if (look.fd !== undefined) fs.closeSync(look.fd);
  }
}

function faultOfText(text: string): Fault {
  if (isOfNewerFormat(text))
    return { problem: 'unreadable', detail: 'the record is of a format that only a later version of Stowage knows' };
  if (looksLikeRecord(text))
    return { problem: 'damaged record', detail: 'the seal of the record is not that of its text' };
  return { problem: 'foreign', detail: 'it is no record' };
}

/** A copied folder, or file, is the copy of an entry and none itself. */
function placed({ folder, stem, record }: Look): Fault | undefined {
  if (isAtItsPlace(folder, stem, record)) return undefined;
  const { prefix, tag, instance, method } = record.identity;
  return {
    problem: 'foreign',
    detail: `it is the record of ${instance}.${method} in ${prefix}${tag}, copied or renamed`,
  };
}

/** An earlier version that its entry does not know is never used: an older Stowage has replaced or invalidated the entry. */
function spokenOf({ folder, stem, record }: Look): Fault | undefined {
  if (!isVersionStem(stem)) return undefined;
  const found = findEntry(placeUnder(folder, record.identity), record.identity);
  if (found.kind === 'damaged' || found.kind === 'newer') return undefined;
  if (found.kind === 'entry' && found.record.generation === record.generation) {
    const { versions = [] } = found.record;
    // Of the same code, it is that of a writer which has not come to its end.
    if ([lineOf(found.record), ...versions.map(({ line }) => line)].includes(lineOf(record))) return undefined;
  }
  return { problem: 'leftover', detail: 'an earlier version that no entry speaks of' };
}

function readable({ record, codec }: Look): Fault | undefined {
  if (codec !== undefined) return undefined;
  return { problem: 'unreadable', detail: `its codec '${record.codec}' is not registered in this process` };
}

function present(look: Look): Fault | undefined {
  const { file } = look.record;
  if (file === undefined) return undefined;
  try {
    const path = join(dirname(look.stem), file);
    look.fd = openRegularFile(path, { followsLinks: false }).fd;
    return undefined;
  } catch (error) {
    if (error instanceof NotAFileError) return { problem: 'missing data', detail: `${file} is no file` };
    if (isErrno(error, 'ENOENT') && look.record.pruned !== undefined) return undefined;
    if (isErrno(error, 'ENOENT')) return { problem: 'missing data', detail: `there is no ${file}` };
    if (isErrno(error, 'ELOOP')) return { problem: 'missing data', detail: `${file} is a symbolic link` };
    throw error;
  }
}

function ofRightSize({ fd, record }: Look): Fault | undefined {
  if (fd === undefined) return undefined;
  const { size } = fs.fstatSync(fd);
  if (size === record.bytes) return undefined;
  return { problem: 'wrong size', detail: `${record.file ?? ''} has ${size} bytes instead of ${record.bytes}` };
}

function* unchanged({ fd, record }: Look): Flow<Fault | undefined> {
  const checksum = fd === undefined ? checksumOf([inlineBytes(record)]) : yield* checksumOfFile(fd);
  if (checksum === record.checksum) return undefined;
  return { problem: 'wrong checksum', detail: `${record.file ?? 'the value'} is not what was written` };
}

/** What has the right checksum was written so: by another runtime, or with classes that are not registered here. */
function* decodable({ fd, record, codec }: Look): Flow<Fault | undefined> {
  if (codec === undefined || record.bytes > LARGEST_DECODED) return undefined;
  const parts =
    fd === undefined
      ? { head: new Uint8Array(0), body: inlineBytes(record) }
      : yield* readParts(codec, fd, record.bytes);
  if (parts instanceof FormatError)
    return { problem: 'unreadable', detail: `it is no ${codec.name} file: ${parts.message}` };
  try {
    codec.decode(parts.body, record, parts.head);
    return undefined;
  } catch (error) {
    return { problem: 'unreadable', detail: messageOf(error) };
  }
}

function inlineBytes(record: EntryRecord): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(record.value));
}

/**
 * The data file of a damaged record: what the codec that its text still shows writes under its name, as the next result
 * would be written over it. Where no codec is shown, none is certain.
 */
export function dataOfDamaged(stem: string, text: string): string | undefined {
  if (!looksLikeRecord(text)) return undefined;
  const name = /\n {2}"codec": "([^"\n]*)"/.exec(text)?.[1];
  const extension = name === undefined ? undefined : codecNamed(name)?.extension;
  return extension === undefined ? undefined : `${stem}.${extension}`;
}
