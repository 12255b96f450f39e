/** Why an upstream result is another one, where its code is at fault, or code further up: what records of both tell. */
import { changesBetween } from '../record/code-seen.js';
import { identityText, sameIdentity } from '../record/identity.js';
import { lineOf } from '../record/line.js';
import { CODE_MARK, isTracedCode, tmpdirOfTraced, type TracedCall, type TracedParameter } from '../record/traced.js';
import type { EntryRecord } from '../record/record.js';
import { placeOf } from '../disk/place.js';
import { findEntry } from './find.js';
import { versionAt, versionsOf } from './versions.js';

const MOST_NAMED = 5;
const UPSTREAM = 'upstream ';

/** `upstream Camera.masterImage: its code changed: constant GAIN 3 → 4`. @param changes in words, the nearest first */
export function upstreamCode(method: string, changes: readonly string[] = []): string {
  // That it is its own says no more than the beginning.
  const said = changes.length === 1 && changes[0] === 'its own code changed' ? [] : namedOf(changes);
  return `${UPSTREAM}${method}: its code changed${said.length === 0 ? '' : `: ${said.join(', ')}`}`;
}

/** Does a reason name the code that is at fault, wherever that is? */
export function isUpstreamCode(reason: string): boolean {
  return reason.startsWith(UPSTREAM);
}

/** As many as a sentence can hold. */
export function namedOf(changes: readonly string[]): string[] {
  const more = changes.length - MOST_NAMED;
  return more <= 0 ? [...changes] : [...changes.slice(0, MOST_NAMED), `${String(more)} more`];
}

/** A call whose result was used, when its code was of a line. */
interface Used {
  item: TracedCall;
  tmpdir: string;
}

/**
 * What changed in the code that an upstream result comes from, from the one that was used to the one of now, through any
 * depth; `undefined` where it is not the code, or nothing tells.
 * @param digest of the value that it has now
 * @param tmpdir under which it lies
 */
export function codeCause(item: TracedCall, digest: string, tmpdir: string): string | undefined {
  try {
    return causeIn({ item, tmpdir }, recordOfValue({ item, tmpdir }, digest), new Set());
  } catch {
    // What cannot be read tells nothing.
    return undefined;
  }
}

/** A list, not the stack, carries the depth. */
function causeIn(first: Used, found: EntryRecord | undefined, met: Set<string>): string | undefined {
  const open: { used: Used; now: EntryRecord | undefined }[] = [{ used: first, now: found }];
  for (const { used, now } of open) {
    const { call, code } = used.item;
    if (now === undefined || code === undefined || lineOf(now) === '' || lineOf(now) === code) continue;
    const before = recordOfLine(used, code);
    if (before === undefined) return `${UPSTREAM}${call.method}: its code, or the code of what it used, changed`;
    const changes = changesBetween(before, now);
    if (changes.length > 0) return upstreamCode(call.method, changes);
    for (const each of now.trace) {
      if ('parameter' in each && isTracedCode(each) && isOtherCode(each, before))
        return upstreamCode(each.parameter.slice(CODE_MARK.length));
      if (!('call' in each)) continue;
      const was = before.trace.find(
        (other): other is TracedCall => 'call' in other && sameIdentity(other.call, each.call),
      );
      const tmpdir = tmpdirOfTraced(each, used.tmpdir);
      const name = `${tmpdir}\0${identityText(each.call)}`;
      if (was === undefined || each.code === undefined || was.code === each.code || met.has(name)) continue;
      met.add(name);
      open.push({ used: { item: was, tmpdir }, now: recordOfLine({ item: each, tmpdir }, each.code) });
    }
  }
  return undefined;
}

function isOtherCode({ parameter, instance, digest }: TracedParameter, { trace }: EntryRecord): boolean {
  return trace.some(
    (each) =>
      'parameter' in each && each.parameter === parameter && each.instance === instance && each.digest !== digest,
  );
}

function recordOfValue({ item: { call }, tmpdir }: Used, digest: string): EntryRecord | undefined {
  const place = placeOf(tmpdir, call);
  const found = findEntry(place, call);
  if (found.kind !== 'entry') return undefined;
  if (found.record.digest === digest) return found.record;
  for (const { record } of versionsOf(place, call, found.record)) if (record.digest === digest) return record;
  return undefined;
}

function recordOfLine({ item: { call }, tmpdir }: Used, line: string): EntryRecord | undefined {
  const place = placeOf(tmpdir, call);
  const found = findEntry(place, call);
  if (found.kind === 'entry' && lineOf(found.record) === line) return found.record;
  return versionAt(place, call, line)?.record;
}
