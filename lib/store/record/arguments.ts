/** Arguments as a record carries them: readable, and, where they are small, repeatable. */
import { inspect } from 'node:util';
import { textBytes } from '../../base/text/text-bytes.js';
import { decodeWhole } from '../../codec/registry.js';
import { v8Codec } from '../../codec/v8/v8.js';
import type { StoredArguments } from './traced.js';

const LONGEST_PREVIEW = 200;
const LONGEST_ENCODING = 4096;

/** A readable preview, at most 200 characters, and the V8 blob in base64 where it is at most `longest` bytes. */
export function storedArguments(args: readonly unknown[], longest = LONGEST_ENCODING): StoredArguments {
  const preview = args.map(previewOf).join(', ');
  const encoded = encodingOf(args, longest);
  return {
    preview: cutOff(preview, LONGEST_PREVIEW),
    ...(encoded !== undefined && { encoded }),
  };
}

/** A text of at most so many characters, of which the last one says that there was more. */
export function cutOff(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** One argument, on one line, without asking its getters or its own way of being shown. */
export function previewOf(arg: unknown): string {
  return inspect(arg, {
    depth: 2,
    maxArrayLength: 6,
    maxStringLength: 60,
    breakLength: Infinity,
    customInspect: false,
    getters: false,
  });
}

/** The arguments of a traced call; `undefined` where they were too large to be stored, or cannot be read here. */
export function decodeArguments(encoded: string | null | undefined): readonly unknown[] | undefined {
  if (encoded === undefined) return [];
  if (encoded === null) return undefined;
  try {
    return decodeWhole(v8Codec, { type: '', chunks: [textBytes(encoded, 'base64')] }) as readonly unknown[];
  } catch {
    // Written by another runtime, or with classes that are not registered here.
    return undefined;
  }
}

function encodingOf(args: readonly unknown[], longest: number): string | undefined {
  try {
    const bytes = Buffer.concat(v8Codec.encode([...args]).chunks);
    return bytes.length <= longest ? bytes.toString('base64') : undefined;
  } catch {
    // What cannot be stored can still be a key; such a call cannot be repeated from its record.
    return undefined;
  }
}
