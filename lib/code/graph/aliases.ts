/** Getters that do nothing but return a variable, or a member of one: what a module re-exports, tools write as such. */
import { types } from 'node:util';
import { sourceOf } from '../../key/classes/class-source.js';
import { look } from '../sight/look.js';
import { isUnsafeToShow } from '../sight/property.js';
import { textOf } from '../text/function-text.js';
import type { Syntax } from '../text/syntax.js';
import { follow, lookUp } from './reach.js';

/** No tool writes more than this to return a variable. */
const LONGEST = 200;

export class Aliases {
  private readonly known = new WeakMap<object, { value: unknown } | null>();

  /** What the getter returns; `undefined` for one that is no alias. */
  readonly of = (getter: object): unknown => {
    let alias = this.known.get(getter);
    if (alias === undefined) {
      this.known.set(getter, null); // a getter may lead back to itself
      alias = this.find(getter);
      this.known.set(getter, alias);
    }
    return alias?.value;
  };

  private find(getter: object): { value: unknown } | null {
    if (types.isProxy(getter) || isUnsafeToShow(getter) || sourceOf(getter).length > LONGEST) return null;
    const text = textOf(getter);
    const returned = text === undefined ? undefined : returnedBy(text.tree);
    const use = text?.names.uses.find(
      ({ nodes }) => returned !== undefined && (nodes.includes(returned) || returned.object === nodes.at(-1)),
    );
    if (returned === undefined || use === undefined || use.name === 'this') return null;
    const [seen] = look([getter]);
    if (seen === undefined) return null;
    const start = lookUp(use.name, seen);
    if (start === undefined || start.unset) return null;
    const members = [...use.members];
    if (use.nodes.at(-1) !== returned) {
      // `m[k]` with a captured name, as in TypeScript's __createBinding.
      const key = returned.property as Syntax;
      const name =
        returned.computed === true && key.type === 'Identifier' ? lookUp(key.name as string, seen)?.value : undefined;
      if (typeof name !== 'string') return null;
      members.push(name);
    }
    const reached = follow(start.value, members, this.of);
    return reached.members === members.length && !reached.getter ? { value: reached.value } : null;
  }
}

function returnedBy(tree: Syntax): Syntax | undefined {
  const { body, params } = (tree.type === 'Property' ? tree.value : tree) as Partial<Record<string, Syntax | Syntax[]>>;
  if (body === undefined || Array.isArray(body) || (params as Syntax[]).length > 0) return undefined;
  if (body.type !== 'BlockStatement') return body;
  const [only, ...others] = body.body as Syntax[];
  const isReturn = only?.type === 'ReturnStatement' && others.length === 0;
  return isReturn ? ((only.argument ?? undefined) as Syntax | undefined) : undefined;
}
