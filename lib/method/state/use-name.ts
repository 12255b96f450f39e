/** Names of what a computation can use: equal names are the same thing, in this process and in records. */
import type { Ingredient } from '../../trace/dependents.js';
import { fullPath } from '../../base/files/data-roots.js';
import { parameterName, scopeText } from '../../trace/names.js';
import { identityOfText, identityText, type Identity } from '../../store/record/identity.js';
import { tmpdirOfTraced, type Traced, type TracedParameter } from '../../store/record/traced.js';

/** An entry, wherever it lies. */
export function entryName(tmpdir: string, identity: Identity): string {
  return `call ${tmpdir}\0${identityText(identity)}`;
}

/** The name of what a record traces. @param scope of the record's own root */
export function nameOfTraced(item: Traced, tmpdir: string, scope: string): string {
  if ('call' in item) return entryName(tmpdirOfTraced(item, tmpdir), item.call);
  if ('file' in item) return `file ${fullPath(item.file, tmpdir)}`;
  return parameterName(scopeOfTraced(item, tmpdir, scope), item.instance, item.parameter);
}

/** Where the analyzer of a traced parameter stands. */
export function scopeOfTraced({ root }: TracedParameter, tmpdir: string, scope: string): string {
  return root === undefined ? scope : scopeText(tmpdirOfTraced(root, tmpdir), root);
}

/** The digest or checksum that it had. */
export function digestOfTraced(item: Traced): string {
  return 'file' in item ? item.checksum : item.digest;
}

/** What a record says that its result was made of. @param scope of the record's own root */
export function ingredientsOf(trace: readonly Traced[], tmpdir: string, scope: string): Ingredient[] {
  return trace.map((item) => ({ name: nameOfTraced(item, tmpdir, scope), digest: digestOfTraced(item) }));
}

/** What an entry's name says: where it lies, and for which identity it stands. `undefined` for names of other things. */
export function entryNamed(name: string): { tmpdir: string; identity: Identity } | undefined {
  const match = /^call ([^\0]*)\0(.*)$/s.exec(name);
  if (match === null) return undefined;
  const [, tmpdir = '', text = ''] = match;
  return { tmpdir, identity: identityOfText(text) };
}

/** The scope that the name of a result or a parameter is in. @param tmpdir of the scope that is meant; those in others have none */
export function scopeOfName(name: string, tmpdir: string): string | undefined {
  if (name.startsWith(`parameter ${tmpdir}\0`)) return name.slice('parameter '.length).split('\0', 4).join('\0');
  const entry = name.startsWith(`call ${tmpdir}\0`) ? entryNamed(name) : undefined;
  return entry && scopeText(tmpdir, entry.identity);
}
