/**
 * The record of an entry: a JSON file whose appearance is the commit. It says whose result the data file holds, how to
 * restore it, and under what circumstances it was computed; its last line seals the text above it.
 */
import type { ValueNotes } from '../../codec/shared/codec.js';
import { sealOf } from './checksum.js';
import type { CodeSeen } from './code-seen.js';
import type { Identity } from './identity.js';
import { isSensibleRecord, isSensibleSummary } from './known-fields.js';
import { isIdentity } from './shape.js';
import type { StoredArguments, Traced } from './traced.js';

/** What a record says of an earlier version of its entry, which has a record of its own. */
export interface VersionNote {
  /** The code that it comes from: its own, and that of the calls that it used. */
  line: string;
  /** Digest of its method's own code. */
  own: string;
  /** Seconds since the epoch. */
  computedAt: number;
}

/** Everything about a stored result but its bytes. */
export interface EntryRecord extends ValueNotes {
  format: 1;
  identity: Identity;
  arguments?: StoredArguments;
  /** The analyzer's own primitive fields when it was tagged. */
  state?: Record<string, unknown>;
  codec: string;
  /** The method returned a promise of the value. */
  async?: true;
  /** Small JSON-exact values live here; then there is no `file`. */
  value?: unknown;
  /** Name of the data file, beside the record. */
  file?: string;
  /** Names of further files beside the record that go when the entry goes: what the user wanted to be said of it. */
  beside?: string[];
  /** Data of the entry in another codec, in whose place this came: removed next, and by the next writer if that is late. */
  replaced?: { file: string; mtimeNs: string; inode: string };
  /** The same texts, by extension, where there are no files: in a store of bytes. */
  texts?: Readonly<Record<string, string>>;
  /** Length of the data. */
  bytes: number;
  /** Modification time of the data file in nanoseconds; a string, since it exceeds 2^53. */
  mtimeNs?: string;
  /** Inode of the data file; a string, since some file systems use all 64 bits. */
  inode?: string;
  /** Written without waiting for the disk: the data is verified by checksum on every load. */
  durable?: false;
  /** Checksum of the data. */
  checksum: string;
  /** Digest of the value, the same whatever bytes an encoder made of it. */
  digest: string;
  /** Changes when the entry is invalidated by hand. */
  generation: number;
  /** Another program computed it, and `adopt` wrote this record. */
  adopted?: true;
  /** Invalidated by hand and not computed again since. */
  invalidated?: true;
  /**
   * Its data was removed to make room, in seconds since the epoch, and the record kept: what was computed from it holds.
   * Data that lies there all the same, brought back from a backup for example, is used if it is the right one.
   */
  pruned?: number;
  /** Seconds since the epoch. */
  computedAt: number;
  /** Seconds since the epoch: when it is no longer to be used, by the lifetime with which it was stored. */
  expiresAt?: number;
  /** What computing it cost. */
  seconds: number;
  /** Digest of the method's source without comments and white space; empty where another program computed it. */
  code: string;
  /** The same code, by what it means and reaches; absent in records from before that was looked at. */
  codeSeen?: CodeSeen;
  /** Results of other code that are kept beside this one, the latest first. */
  versions?: VersionNote[];
  /** What the computation used. */
  trace: Traced[];
  /**
   * The packages that define the classes of the root and of the analyzer, by name; of a script without package its path and
   * a digest of its text. Another program's result is not used.
   */
  package?: string;
  host: string;
  pid: number;
  user: string;
  node: string;
  stowage: string;
}

const SEAL_PATTERN = /^,\n {2}"seal": "([^"]*)"\n\}\n$/;

/** The order of fields in the file, part of the format; what is absent is left out, what is not listed comes last. */
const FIELD_ORDER = [
  'format',
  'identity',
  'arguments',
  'state',
  'codec',
  'async',
  'type',
  'dtype',
  'shape',
  'library',
  'value',
  'file',
  'beside',
  'replaced',
  'bytes',
  'plainBytes',
  'mtimeNs',
  'inode',
  'durable',
  'checksum',
  'digest',
  'generation',
  'invalidated',
  'pruned',
  'computedAt',
  'expiresAt',
  'seconds',
  'code',
  'codeSeen',
  'versions',
  'trace',
  'package',
  'host',
  'pid',
  'user',
  'node',
  'stowage',
] as const satisfies (keyof EntryRecord)[];

/** The text of a record file: readable JSON, sealed. */
export function formatRecord(record: EntryRecord): string {
  const inOrder = Object.fromEntries(FIELD_ORDER.map((field) => [field, record[field]]));
  const body = JSON.stringify({ ...inOrder, ...record }, undefined, 2).slice(0, -2);
  return `${body},\n  "seal": "${sealOf(body)}"\n}\n`;
}

/** Reads a record's text back; `undefined` where it is damaged, of another format, or no record at all. */
export function parseRecord(text: string): EntryRecord | undefined {
  if (readSeal(text) === undefined) return undefined;
  const record = JSON.parse(`${text.slice(0, text.lastIndexOf(','))}}`) as EntryRecord;
  return isSensibleRecord(record) ? record : undefined;
}

/** The seal of a record's text, which no other text has; `undefined` where the text is not what was written. */
export function readSeal(text: string): string | undefined {
  const start = text.lastIndexOf(',');
  const seal = SEAL_PATTERN.exec(text.slice(start))?.[1];
  return seal !== undefined && sealOf(text.slice(0, start)) === seal ? seal : undefined;
}

/** Was an intact record written by a version of Stowage that knows a later format? */
export function isOfNewerFormat(text: string): boolean {
  if (readSeal(text) === undefined) return false;
  const { format } = JSON.parse(text) as { format?: unknown };
  return typeof format === 'number' && format > 1;
}

/** All that a record says but what the result was made of. */
export interface RecordSummary extends Omit<EntryRecord, 'trace'> {
  seal: string;
}

/**
 * Reads a record's text without its trace, which is most of the text where much was used. The seal is that of all of it.
 * `undefined` where {@link parseRecord} finds no record.
 */
export function parseSummary(text: string): RecordSummary | undefined {
  if (readSeal(text) === undefined) return undefined;
  // A record that something else wrote may have its lines otherwise.
  const summary = parsed(withoutTrace(text)) ?? parsed(text);
  return isSensibleSummary(summary) ? (summary as RecordSummary) : undefined;
}

/** Lines of the outermost object are the ones that begin with two blanks and no more. */
function withoutTrace(text: string): string {
  const start = text.indexOf(',\n  "trace": [');
  const end = text.startsWith(']', start + 14) ? start + 15 : text.indexOf('\n  ]', start) + 4;
  return text.slice(0, start) + text.slice(end);
}

/** A damaged record still begins or ends like one. */
export function looksLikeRecord(text: string): boolean {
  return /^\{\n {2}"format": \d/.test(text) || /"seal": "sha256:[0-9a-f]{32}"\n\}\n$/.test(text);
}

/** The beginning of a record as {@link formatRecord} writes it, up to the end of the identity. */
const BEGINNING = /^\{\n {2}"format": \d+,\n {2}"identity": (\{[^]*?\n {2}\}),\n/;

/**
 * The identity that a damaged record still shows, if its text does: enough to know that it is ours to replace. A
 * truncated one shows it as long as it reaches so far.
 */
export function readIdentity(text: string): Identity | undefined {
  const candidate = parsed(text) as { identity?: unknown; seal?: unknown } | null | undefined;
  const isWhole = typeof candidate?.seal === 'string';
  const identity = isWhole ? candidate.identity : parsed(BEGINNING.exec(text)?.[1] ?? '');
  return isIdentity(identity) ? (identity as Identity) : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
