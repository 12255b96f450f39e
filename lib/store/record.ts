/**
 * The record of an entry: a JSON file whose appearance is the commit. It says whose result the data file holds, how to
 * restore it, and under what circumstances it was computed; its last line seals the text above it.
 */
import type { ValueNotes } from '../codec/codec.js';
import { entryName } from '../key/path-name.js';
import { sealOf } from './checksum.js';

/** What makes two calls the same call. Records are used or replaced only where all of it is equal. */
export interface Identity {
  prefix: string;
  tag: string;
  /** Instance path: how the root reaches the analyzer. */
  instance: string;
  /** Concrete class of the root. */
  rootClass: string;
  /** Concrete class of the analyzer; absent where the option `name` replaces it. */
  class?: string;
  /** Method id: `Class.method` with the class that defines the method, or the option `name`. */
  method: string;
  /** Call key: 64 hexadecimal digits; absent for a plain call. */
  key?: string;
  /** The option `version`. */
  version?: string;
  /**
   * Adopted by its file's name alone: the result of whoever asks for that name without a `version`. The classes, and
   * where the instance path ends, are guesses.
   */
  byName?: true;
}

/** A call as it can be read again. */
export interface StoredArguments {
  /** Readable, bounded. */
  preview: string;
  /** V8 blob in base64, where it is at most 4 KiB: the call can be repeated from it. */
  encoded?: string;
}

/** The arguments of a record as a trace has them. */
export function tracedArguments(stored: StoredArguments | undefined): string | null | undefined {
  return stored === undefined ? undefined : (stored.encoded ?? null);
}

/** An upstream result that a computation used. */
export interface TracedCall {
  call: Identity;
  /** Where it lies, if not under the tmpdir of the result that used it. */
  tmpdir?: string;
  /** Its arguments, as {@link StoredArguments} has them; absent for a call without, `null` where they were too large. */
  arguments?: string | null;
  /** It returns a promise: it cannot be computed again on the way of a synchronous call. */
  async?: true;
  digest: string;
  generation: number;
}

/** A file that a computation declared. */
export interface TracedFile {
  /** Relative to the tmpdir where inside it, absolute elsewhere. */
  file: string;
  bytes: number;
  /** Modification time in nanoseconds. */
  mtimeNs: string;
  /** Checksum of the content; `'absent'` where there was no such file. */
  checksum: string;
}

/** A parameter of an analyzer that a computation read, or all that belongs to an analyzer that it called. */
export interface TracedParameter {
  /** Name of the `@parameter`; `'*'` for all of them and what `[cacheKey]()` returns. */
  parameter: string;
  /** Instance path of the analyzer. */
  instance: string;
  /** The analyzer's root; absent where it is that of the result that used the parameter. */
  root?: TracedRoot;
  digest: string;
}

/** Another root than that of a result, and its dataset. */
export interface TracedRoot {
  /** Absent where it is that of the result. */
  tmpdir?: string;
  prefix: string;
  tag: string;
  rootClass: string;
}

/** What a result used, in the order in which it used it. */
export type Traced = TracedCall | TracedFile | TracedParameter;

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
  /** Seconds since the epoch. */
  computedAt: number;
  /** What computing it cost. */
  seconds: number;
  /** Digest of the method's source without comments and white space. */
  code: string;
  /** What the computation used. */
  trace: Traced[];
  host: string;
  pid: number;
  user: string;
  node: string;
  stowage: string;
}

const sealPattern = /,\n {2}"seal": "([^"]*)"\n\}\n$/;

/** The order of fields in the file, part of the format; what is absent is left out, what is not listed comes last. */
const fieldOrder = [
  'format',
  'identity',
  'arguments',
  'state',
  'codec',
  'async',
  'type',
  'dtype',
  'shape',
  'value',
  'file',
  'bytes',
  'mtimeNs',
  'inode',
  'durable',
  'checksum',
  'digest',
  'generation',
  'invalidated',
  'computedAt',
  'seconds',
  'code',
  'trace',
  'host',
  'pid',
  'user',
  'node',
  'stowage',
] as const satisfies (keyof EntryRecord)[];

/** The text of a record file: readable JSON, sealed. */
export function formatRecord(record: EntryRecord): string {
  const inOrder = Object.fromEntries(fieldOrder.map((field) => [field, record[field]]));
  const body = JSON.stringify({ ...inOrder, ...record }, undefined, 2).slice(0, -2);
  return `${body},\n  "seal": "${sealOf(body)}"\n}\n`;
}

/** Reads a record's text back; `undefined` where it is damaged, of another format, or no record at all. */
export function parseRecord(text: string): EntryRecord | undefined {
  if (!isSealed(text)) return undefined;
  const { seal: _, ...record } = JSON.parse(text) as Omit<EntryRecord, 'format'> & { seal: string; format: number };
  // A record points at a file beside it; one that points elsewhere was made by somebody else.
  const honest = record.file === undefined || isPlainName(record.file);
  return record.format === 1 && honest ? (record as EntryRecord) : undefined;
}

/** Is the text what was written, to the last character? */
function isSealed(text: string): boolean {
  const match = sealPattern.exec(text);
  return match !== null && sealOf(text.slice(0, match.index)) === match[1];
}

function isPlainName(name: string): boolean {
  return name !== '.' && name !== '..' && /^[^/\\\0]+$/.test(name);
}

/** Was an intact record written by a version of Stowage that knows a later format? */
export function isOfNewerFormat(text: string): boolean {
  if (!isSealed(text)) return false;
  const { format } = JSON.parse(text) as { format?: unknown };
  return typeof format === 'number' && format > 1;
}

/** The beginning of a record as {@link formatRecord} writes it, up to the end of the identity. */
const beginning = /^\{\n {2}"format": \d+,\n {2}"identity": (\{[^]*?\n {2}\}),\n/;

/**
 * The identity that a damaged record still shows, if its text does: enough to know that it is ours to replace. A
 * truncated one shows it as long as it reaches so far.
 */
export function readIdentity(text: string): Identity | undefined {
  const candidate = parsed(text) as { identity?: unknown; seal?: unknown } | null | undefined;
  const isWhole = typeof candidate?.seal === 'string';
  const identity = isWhole ? candidate.identity : parsed(beginning.exec(text)?.[1] ?? '');
  return typeof identity === 'object' && identity !== null ? (identity as Identity) : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const identityFields = [
  'prefix',
  'tag',
  'instance',
  'rootClass',
  'class',
  'method',
  'key',
  'version',
] as const satisfies (keyof Identity)[];

/** One text for one identity: no two identities share it. */
export function identityText(identity: Identity): string {
  return JSON.stringify(identityFields.map((field) => identity[field] ?? null));
}

/** The identity that a text of {@link identityText} stands for. */
export function identityOfText(text: string): Identity {
  const values = JSON.parse(text) as (string | null)[];
  const pairs = identityFields.map((field, i) => [field, values[i] ?? undefined] as const);
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined)) as unknown as Identity;
}

/** Are two identities equal in every part? One that was adopted by its name has only that, and its folder. */
export function sameIdentity(one: Identity, other: Identity): boolean {
  if (one.byName !== true && other.byName !== true) return identityFields.every((field) => one[field] === other[field]);
  return (
    one.prefix + one.tag === other.prefix + other.tag &&
    entryName(one.instance, one.method) === entryName(other.instance, other.method) &&
    one.key === other.key &&
    one.version === other.version
  );
}

/** Is it one method of one analyzer, whatever the arguments and the version? */
export function sameMethod(one: Identity, other: Identity): boolean {
  const alone = ({ key: _, version: __, ...identity }: Identity): Identity => identity;
  return sameIdentity(alone(one), alone(other));
}

/** Does an entry belong to the roots of one class in one dataset? */
export function isOfRoot(identity: Identity, root: { prefix: string; tag: string; rootClass: string }): boolean {
  if (identity.byName === true) return identity.prefix + identity.tag === root.prefix + root.tag;
  return identity.prefix === root.prefix && identity.tag === root.tag && identity.rootClass === root.rootClass;
}

/** What stands for an entry's place among instance paths. */
export function pathOf({ instance, method, byName }: Identity): string {
  return byName === true ? `${instance}.${method}` : instance;
}
