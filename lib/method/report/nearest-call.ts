/** Which stored call is nearest to one that is missing, and how they differ. */
import type { EntryRecord } from '../../store/record/record.js';
import { tracedArguments } from '../../store/record/traced.js';
import { decodeArguments, previewOf } from '../../store/record/arguments.js';
import type { LocatedCall } from '../call/locate.js';
import { namesOfParameters } from '../../key/names/names-of-parameters.js';
import { parameterDigest } from '../hierarchy/uses.js';

/** Says how the nearest of the stored calls of a method differs from one that is missing. */
export function nearestCall(call: LocatedCall, args: readonly unknown[], stored: readonly EntryRecord[]): string[] {
  const names = namesOfParameters(call.info.original);
  const candidates = stored.map((record) => differencesFrom(record, args, names));
  const nearest = candidates.reduce((best, each) => (each.length < best.length ? each : best));
  if (nearest.length > 0) return nearest;
  const other = stored.find(({ identity }) => identity.version !== call.identity.version);
  return other === undefined
    ? ['the same arguments are stored under other parameters of the analyzer, or another class']
    : [`version ${String(other.identity.version)} → ${String(call.identity.version)}`];
}

function differencesFrom(record: EntryRecord, args: readonly unknown[], names: readonly string[]): string[] {
  const before = decodeArguments(tracedArguments(record.arguments));
  if (before === undefined) return [`the arguments were ${record.arguments?.preview ?? 'others'}`];
  const count = Math.max(before.length, args.length);
  return Array.from({ length: count }, (_, i) => difference(before[i], args[i], names[i] ?? ''))
    .map((found, i) => (found === undefined ? '' : `argument ${i + 1}: ${found}`))
    .filter((text) => text !== '');
}

/** How two values differ, at the place inside them where they first do: `options.threshold 3 → 4`. */
function difference(before: unknown, after: unknown, place: string, depth = 0): string | undefined {
  if (isSame(before, after)) return undefined;
  if (depth < DEEPEST && isPlain(before) && isPlain(after)) {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const inside = difference(before[name], after[name], place === '' ? name : `${place}.${name}`, depth + 1);
      if (inside !== undefined) return inside;
    }
  }
  return `${place} ${previewOf(before)} → ${previewOf(after)}`.trimStart();
}

/** How deep inside a value the difference is looked for; the value may contain itself. */
const DEEPEST = 16;

/** An argument that hides its state can stand where the option `key` tells calls apart, or they are ignored. */
function isSame(before: unknown, after: unknown): boolean {
  try {
    return parameterDigest(before) === parameterDigest(after);
  } catch {
    return previewOf(before) === previewOf(after);
  }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
