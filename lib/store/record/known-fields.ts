/**
 * Does a record make sense? A seal proves that nothing has changed since, not that what was written can be used: what
 * another program sealed may say anything, and is then as good as damaged.
 */
import { codeSeenCheck } from './code-seen.js';
import { count, having, isIdentity, listOf, number, optional, text, type Check, type Fields } from './shape.js';

const nanoseconds: Check = (value) => typeof value === 'string' && /^-?\d{1,30}$/.test(value);

/** Name of a file in the same folder. */
const plainName: Check = (value) =>
  typeof value === 'string' && value !== '.' && value !== '..' && /^[^/\\\0]+$/.test(value);

const root = having({ tmpdir: optional(text), prefix: text, tag: text, rootClass: text });

/** What a trace may hold, by the field that tells the kinds apart. */
const traced: Fields = {
  call: having({ call: isIdentity, tmpdir: optional(text), digest: text, generation: number, code: optional(text) }),
  file: having({ file: text, bytes: count, mtimeNs: nanoseconds, checksum: text }),
  parameter: having({
    parameter: text,
    instance: text,
    root: optional(root),
    digest: text,
    generation: optional(number),
  }),
};

const tracedItem: Check = (item) => {
  if (typeof item !== 'object' || item === null) return false;
  const kind = Object.keys(traced).find((field) => field in item);
  return kind !== undefined && (traced[kind] as Check)(item);
};

const summary: Fields = {
  format: (value) => value === 1,
  identity: isIdentity,
  codec: text,
  type: text,
  shape: optional(listOf(count)),
  plainBytes: optional(count),
  library: optional(having({ name: text, version: text, class: text, module: optional(text), as: text, at: text })),
  file: optional(plainName),
  beside: optional(listOf(plainName)),
  replaced: optional(having({ file: plainName, mtimeNs: nanoseconds, inode: text })),
  bytes: count,
  checksum: text,
  digest: text,
  generation: number,
  pruned: optional(number),
  computedAt: number,
  expiresAt: optional(number),
  seconds: number,
  code: text,
  codeSeen: optional(codeSeenCheck),
  versions: optional(listOf(having({ line: text, own: text, computedAt: number }))),
};

/** May all of it be used but the trace, which may be absent? */
export const isSensibleSummary: Check = having(summary);

/** May all of it be used? */
export const isSensibleRecord: Check = having({ ...summary, trace: listOf(tracedItem) });
