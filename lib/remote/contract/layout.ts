/**
 * Where things lie in a remote. The name of a record says whose result it is and what it was made with, so that equal ones
 * meet under one name, of which the first one stays; the name of data is its digest.
 */
import { hash } from 'node:crypto';
import { textBytes } from '../../base/text/text-bytes.js';
import { identityText, type Identity } from '../../store/record/identity.js';
import { lineOf, ownCodeOf } from '../../store/record/line.js';
import type { EntryRecord } from '../../store/record/record.js';
import type { Traced } from '../../store/record/traced.js';

export const RECORDS = 'records/';
export const DATA = 'data/';
export const CLAIMS = 'claims/';

/** What a name of a record says. */
export interface RecordName {
  name: string;
  /** Digest of the identity. */
  identity: string;
  generation: number;
  /** What stands for the code of the method. */
  own: string;
}

const RECORD_NAME = /^records\/[\w.=-]+\/([0-9a-f]{64})\/(\d{1,16})-([0-9a-f]{16})-[0-9a-f]{16}$/;
const DATA_NAME = /^data\/[0-9a-f]{2}\/([0-9a-f]{64})\.[A-Za-z0-9.]+$/;

/** Longer names of tags end in a digest. */
const LONGEST_TAG = 120;

/** What the names of the records of a tag begin with. */
export function tagPrefix({ prefix, tag }: Pick<Identity, 'prefix' | 'tag'>): string {
  const folder = prefix + tag;
  const escaped = folder
    .replace(/[^\w.-]/gu, (char) =>
      [...textBytes(char)].map((byte) => `=${byte.toString(16).padStart(2, '0')}`).join(''),
    )
    .replace(/^\./, '=2e');
  const short = escaped.length <= LONGEST_TAG ? escaped : `${escaped.slice(0, LONGEST_TAG)}=${digest16(folder)}`;
  return `${RECORDS}${short}/`;
}

/** The tag and its prefix, as a name of a record shows them. */
export function folderShown(name: string): string {
  const [, escaped = ''] = name.split('/');
  const bytes = escaped.replace(/=([0-9a-f]{2})/g, (_, digits: string) => `%${digits}`);
  try {
    return decodeURIComponent(bytes);
  } catch {
    return escaped;
  }
}

export function identityDigest(identity: Identity): string {
  return hash('sha256', identityText(identity), 'hex');
}

/** The name that a record has in every remote. */
export function nameOfRecord(record: EntryRecord): string {
  const { identity, generation, trace, package: owner } = record;
  const madeWith = JSON.stringify([generation, lineOf(record), ownerText(owner), trace.map(textOf)]);
  const file = `${String(generation)}-${shownCode(ownCodeOf(record))}-${digest16(madeWith)}`;
  return `${tagPrefix(identity)}${identityDigest(identity)}/${file}`;
}

/** What stands in names for the code of a method. */
export function shownCode(code: string): string {
  return digest16(code);
}

/** @returns `undefined` where it is none of ours */
export function readRecordName(name: string): RecordName | undefined {
  const [, identity, generation, own] = RECORD_NAME.exec(name) ?? [];
  if (identity === undefined || generation === undefined || own === undefined) return undefined;
  return { name, identity, generation: Number(generation), own };
}

export function nameOfData(sha256: string, extension: string): string {
  return `${DATA}${sha256.slice(0, 2)}/${sha256}.${extension}`;
}

/** The digest in the name of data; `undefined` where it is none of ours. */
export function digestInName(name: string): string | undefined {
  return DATA_NAME.exec(name)?.[1];
}

/** A script is called by its path on one host, and by its text on all. */
function ownerText(owner: string | undefined): string | undefined {
  return owner?.replace(/(^| \+ )script .*?#([0-9a-f]{16})(?= \+ |$)/gs, '$1script #$2');
}

/** What a result used, without what differs from host to host. */
function textOf(item: Traced): unknown {
  if ('call' in item) return [identityText(item.call), item.digest, item.generation];
  if ('file' in item) return [item.file, item.checksum];
  return [item.parameter, item.instance, item.digest, item.generation];
}

function digest16(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 16);
}
