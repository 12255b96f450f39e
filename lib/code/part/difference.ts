/** What changed between the code of a result and the code of now, in words. */
import type { Code, Part } from './code.js';

/** Words for the kinds that are more than their name. */
const WORDS: Partial<Record<Part['kind'], string>> = {
  data: 'data',
  builtin: 'built-in',
  unseen: 'what cannot be seen:',
};

interface Placed {
  readonly part: Part;
  readonly path: string;
}

/** What a record keeps of a code. */
export type KnownCode = Pick<Code, 'digest' | 'own' | 'parts'> & Partial<Code>;

/**
 * Says what changed, nearest first: `its own code changed`, `helper scale (lib/photometry.ts) changed`,
 * `constant GAIN 3 → 4`. Empty where the digests agree.
 */
export function differencesOf(before: KnownCode, now: KnownCode): string[] {
  if (before.digest === now.digest) return [];
  const said: string[] = [];
  if (before.own !== now.own) said.push('its own code changed');
  const old = placed(before.parts);
  const young = placed(now.parts);
  for (const [key, { part }] of young) {
    const was = old.get(key)?.part;
    if (was === undefined) said.push(`${named(part)} is new`);
    else if (was.digest !== part.digest || was.value !== part.value) said.push(changed(was, part));
  }
  for (const [key, { part }] of old) if (!young.has(key)) said.push(`${named(part)} is gone`);
  if (said.length === 0) said.push('something that it uses changed');
  return said;
}

/** Parts by their kind of name, file, and how often that was met before; values may come and go with their kind. */
function placed(parts: readonly Part[]): Map<string, Placed> {
  const found = new Map<string, Placed>();
  const open: Placed[] = parts.map((part) => ({ part, path: part.name }));
  for (const each of open) {
    const { part, path } = each;
    for (let count = 0; ; count++) {
      const key = `${part.name}\0${part.file ?? ''}\0${count}`;
      if (found.has(key)) continue;
      found.set(key, each);
      break;
    }
    for (const inner of part.parts ?? []) open.push({ part: inner, path: `${path} › ${inner.name}` });
  }
  return found;
}

function named({ kind, name, file }: Part): string {
  return `${WORDS[kind] ?? kind} ${name}${file === undefined ? '' : ` (${file})`}`;
}

function changed(was: Part, part: Part): string {
  const isValue = was.value !== undefined && part.value !== undefined && was.value !== part.value;
  return isValue ? `${named(part)} ${was.value} → ${part.value}` : `${named(part)} changed`;
}
