/** Getters that do nothing but return a variable, or a member of one: what a module re-exports, tools write as such. */
import { types } from 'node:util';
import { sourceOf } from '../../key/classes/class-source.js';
import { look } from '../sight/look.js';
import { isUnsafeToShow } from '../sight/property.js';
import { textOf } from '../text/function-text.js';
import type { Use } from '../text/use.js';
import { follow, lookUp } from './reach.js';

/** No tool writes more than this to return a variable. */
const LONGEST = 200;

/** What follows the name in the canonical text; `m[k]` with a captured name is that of TypeScript's `__createBinding`. */
const REST = /^(item;)?return;body 1;(?:function|arrow) 0;(?:accessor get;)?$/;

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
    if (types.isProxy(getter) || isUnsafeToShow(getter)) return null;
    if (sourceOf(getter).length > LONGEST) return null;
    const pieces = textOf(getter)?.pieces ?? [];
    const [use, key] = pieces;
    const rest = pieces.at(-1);
    const found = typeof rest === 'string' ? REST.exec(rest) : null;
    const count = found?.[1] === undefined ? 1 : 2;
    if (found === null || pieces.length !== count + 1 || !isVariable(use)) return null;
    const [seen] = look([getter]);
    const start = seen && lookUp(use.name, seen);
    if (seen === undefined || start === undefined || start.unset) return null;
    const members = [...use.members];
    if (count === 2) {
      const member = isVariable(key) && key.members.length === 0 ? lookUp(key.name, seen)?.value : undefined;
      if (typeof member !== 'string') return null;
      members.push(member);
    }
    const reached = follow(start.value, members, this.of);
    return reached.members === members.length && !reached.getter ? { value: reached.value } : null;
  }
}

function isVariable(piece: string | Use | undefined): piece is Use {
  return typeof piece === 'object' && piece.name !== 'this' && piece.name !== 'super';
}
