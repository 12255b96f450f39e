/**
 * What a function is: its syntax tree and what it reaches.
 *
 * - `code-reader.ts`: the face: `new CodeReader({ depth, isCached }).codeOf(fn, home)`
 * - `code.ts`: what it gives; `difference.ts`: what changed between two of them, in words
 * - `graph.ts`, `reach.ts`, `value-node.ts`, `class-members.ts`: from names to what they lead to
 * - `canonical.ts`, `names.ts`, `syntax.ts`, `tool-helpers.ts`: one text for all ways to write the same
 * - `inspector.ts`, `property.ts`, `builtins.ts`, `script-owner.ts`: looking without running anything
 */
export { CodeReader, type CodeReaderOptions } from './code-reader.js';
export { type Code, type CodeDepth, type Part, type PartKind, MOST_PARTS } from './code.js';
export { type KnownCode, differencesOf } from './difference.js';
