/** Results that were computed elsewhere take their places here, as if they had been computed here. */
import * as fs from 'node:fs';
import { basename, dirname } from 'node:path';
import { textBytes } from '../../base/text/text-bytes.js';
import { now } from '../../base/clock.js';
import { discardFile, isErrno, temporaryName } from '../../base/files/files.js';
import type { Flow } from '../../base/run/flow.js';
import { runNow } from '../../base/run/flow.js';
import { codecNamed } from '../../codec/registry.js';
import type { Codec } from '../../codec/shared/codec.js';
import { checksumOf } from '../record/checksum.js';
import { formatRecord, type EntryRecord } from '../record/record.js';
import { makeFolder } from '../disk/folder.js';
import type { Place } from '../disk/place.js';
import { writeFile } from '../disk/write-file.js';
import { findEntry, stemOf } from './find.js';
import { stageEntry, type Staged, type StageOptions } from './stage.js';

/** The codec that a result from elsewhere needs; `undefined` where its data is not that of its record. */
export function codecOfBrought(record: EntryRecord, data: Uint8Array | undefined): Codec | undefined {
  const codec = codecNamed(record.codec);
  if ((codec?.extension === undefined) !== (data === undefined)) return undefined;
  return data === undefined || checksumOf([data]) === record.checksum ? codec : undefined;
}

/**
 * Puts a result from elsewhere beside its place.
 * @param data `undefined` where the value lies in the record
 */
export function stageBrought(
  place: Place,
  record: EntryRecord,
  codec: Codec,
  data: Uint8Array | undefined,
  options: StageOptions,
): Flow<Staged> {
  const { format: _, identity, codec: __, file: ___, value, bytes: ____, checksum: _____, ...draft } = record;
  // How it is written here counts, not how it was written there.
  const { durable: ______, ...kept } = draft;
  const { type, dtype, shape, library, plainBytes } = record;
  const notes = { type, dtype, shape, library, plainBytes };
  const given = Object.fromEntries(Object.entries(notes).filter(([, note]) => note !== undefined));
  const chunks = [data ?? textBytes(JSON.stringify(value))];
  return stageEntry(
    place,
    identity,
    codec,
    { ...given, type, chunks },
    { ...kept, ...(!options.durable && { durable: false }) },
    options,
  );
}

/**
 * Puts a record in its place whose data stays elsewhere, unless something is there: what was made of the result holds as long as
 * it does. A value that lies in the record comes with it.
 */
export function bringRecord(place: Place, record: EntryRecord): void {
  const codec = codecNamed(record.codec);
  if (codec === undefined) return;
  makeFolder(place.folder, dirname(place.plain));
  const found = findEntry(place, record.identity);
  if (found.kind !== 'absent') return;
  const stem = stemOf(place, found, codec.extension);
  const { extension } = codec;
  const brought =
    extension === undefined ? record : { ...record, file: `${basename(stem)}.${extension}`, pruned: now() };
  const path = `${stem}.json`;
  const temporary = temporaryName(path);
  try {
    runNow(writeFile(temporary, [textBytes(formatRecord(brought))], { durable: false }));
    // What another has stored meanwhile stays.
    fs.linkSync(temporary, path);
  } catch (error) {
    if (!isErrno(error, 'EEXIST') && !isErrno(error, 'EPERM') && !isErrno(error, 'ENOTSUP')) throw error;
  } finally {
    discardFile(temporary);
  }
}
