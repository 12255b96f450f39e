/** What changed between the code of a result and the code of now, in words. */
import type { Code, Part } from './code.js';

/** Words for the kinds that are more than their name. */
const WORDS: Partial<Record<Part['kind'], string>> = {
  data: 'data',
  builtin: 'built-in',
  unseen: 'what cannot be seen:',
};

/** What a record keeps of a code. */
export type KnownCode = Pick<Code, 'digest' | 'own' | 'parts'> & { more?: number };

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
  for (const [key, part] of young) {
    const was = old.get(key);
    if (was === undefined) {
      // It may have been one of those that were too many.
      if (!hasMore(before)) said.push(`${nameOfPart(part)} is new`);
    } else if (was.digest !== part.digest || was.value !== part.value) said.push(changed(was, part));
  }
  if (!hasMore(now)) for (const [key, part] of old) if (!young.has(key)) said.push(`${nameOfPart(part)} is gone`);
  if (said.length === 0) said.push('something that it uses changed');
  return said;
}

function hasMore({ more = 0 }: KnownCode): boolean {
  return more > 0;
}

/** Parts by their name, the name of their file, wherever that lies, and how often both were met before. */
function placed(parts: readonly Part[]): Map<string, Part> {
  const found = new Map<string, Part>();
  const open = [...parts];
  for (const part of open) {
    const place = `${part.name}\0${part.file?.replace(/^.*[/\\]/s, '') ?? ''}`;
    let count = 0;
    while (found.has(`${place}\0${count}`)) count++;
    found.set(`${place}\0${count}`, part);
    open.push(...(part.parts ?? []));
  }
  return found;
}

/** `helper scale (lib/photometry.ts)`. */
export function nameOfPart({ kind, name, file }: Part): string {
  return `${WORDS[kind] ?? kind} ${name}${file === undefined ? '' : ` (${file})`}`;
}

/** Names the parts of a code, the nearest first: `helper scale (lib/photometry.ts)`, `constant GAIN 3`. @param most of how many */
export function namesOfParts(parts: readonly Part[], most: number): string[] {
  const open = [...parts];
  const names = new Set<string>();
  for (const part of open) {
    if (names.size >= most) break;
    const isShown = part.kind === 'constant' && part.value !== undefined;
    if (part.kind !== 'builtin') names.add(`${nameOfPart(part)}${isShown ? ` ${part.value ?? ''}` : ''}`);
    open.push(...(part.parts ?? []));
  }
  return [...names];
}

function changed(was: Part, part: Part): string {
  const isValue = was.value !== undefined && part.value !== undefined && was.value !== part.value;
  return isValue ? `${nameOfPart(part)} ${was.value} → ${part.value}` : `${nameOfPart(part)} changed`;
}
