/** Names that a minifier gave: the next build gives others, and what is stored under these is not found again. */
import { sourceOf } from '../../key/classes/class-source.js';
import { warnOnce } from '../../base/warn.js';

/** Minified code is one line without spaces; where names were kept, the class says its own as a text. */
export function isNamedByMinifier(Class: object, name: string): boolean {
  if (!/^[\w$]{1,3}$/.test(name)) return false;
  const source = sourceOf(Class);
  return (
    source.includes('){') &&
    !/\n\s/.test(source) &&
    !new RegExp(`(["'\`])${name.replaceAll('$', '\\$')}\\1`).test(source)
  );
}

/** Says once for each name how the class keeps its own. */
export function warnOfMinifier(Class: object, name: string): void {
  if (Object.getOwnPropertyDescriptor(Class, 'name')?.enumerable === true || !isNamedByMinifier(Class, name)) return;
  warnOnce(
    'STOWAGE_MINIFIED_NAME',
    name,
    `a class with cached methods is called '${name}' by a minifier, and results are stored under that name: the next build ` +
      'may call it otherwise, and computes anew. Have the minifier keep names (esbuild: keepNames; terser: keep_classnames), or give ' +
      "the class its name: static name = '…'",
  );
}
