/** A name and the members that are asked of it, `a.b.c`, and what becomes of them: are they changed, given a `this`? */
import type { Syntax } from './syntax.js';

type Parents = ReadonlyMap<Syntax, Syntax>;

export interface Chain {
  /** The name, and the member expressions around it, inside out: `a`, `a.b`, `a.b.c`. */
  readonly nodes: readonly [Syntax, ...Syntax[]];
  /** Names of the members that the nodes after the first ask for. */
  readonly members: readonly string[];
  /** Is a member asked of it whose name is made up as the program runs, as in `a[name]`? */
  readonly dynamic: boolean;
  /** Does a call hand it this function's `this`, as `original.apply(this, …)` does? */
  readonly givenThis: boolean;
}

/** Methods of arrays, Maps and Sets that change what they are called on. */
export const CHANGING: ReadonlySet<string> = new Set([
  'push',
  'pop',
  'shift',
  'unshift',
  'splice',
  'sort',
  'reverse',
  'fill',
  'copyWithin',
  'set',
  'add',
  'delete',
  'clear',
]);

/** Climbs from a name to the longest chain of members that starts with it. */
export function chainFrom(first: Syntax, parents: Parents): Chain {
  const nodes: [Syntax, ...Syntax[]] = [first];
  const members: string[] = [];
  let outermost = first;
  let above = parents.get(first);
  for (; above !== undefined; above = parents.get(above)) {
    const member = above.object === outermost ? memberName(above) : undefined;
    if (member === undefined) break;
    nodes.push(above);
    members.push(member);
    outermost = above;
  }
  return {
    nodes,
    members,
    dynamic: above?.type === 'MemberExpression' && above.object === outermost && above.computed === true,
    givenThis: above?.type === 'CallExpression' && givesThis(above, outermost, members),
  };
}

/** The name that a member expression asks for, where it stands in the text. */
function memberName(node: Syntax): string | undefined {
  if (node.type !== 'MemberExpression' || node.optional === true) return undefined;
  const property = node.property as Syntax;
  if (node.computed !== true) return property.type === 'Identifier' ? (property.name as string) : undefined;
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : undefined;
}

/** `f.call(this)`, `f.apply(this)`, `f.bind(this)`, `Reflect.apply(f, this)`. */
function givesThis(call: Syntax, callee: Syntax, members: readonly string[]): boolean {
  const [first, second] = call.arguments as (Syntax | undefined)[];
  if (call.callee === callee) {
    return ['call', 'apply', 'bind'].includes(members.at(-1) ?? '') && first?.type === 'ThisExpression';
  }
  return first === callee && second?.type === 'ThisExpression';
}

/** Something that is changed: a variable, where the path is empty, or a member of it. */
export interface Change {
  readonly path: readonly string[];
  /** By a method, which other classes may have as well, and which changes nothing then. */
  readonly byMethod: boolean;
}

/** What is done to it, if it is something that changes it. */
export function changeOf({ nodes, members }: Chain, parents: Parents): Change | undefined {
  const last = nodes[nodes.length - 1] as Syntax;
  const above = parents.get(last);
  // `a.b[i] = …` changes a.b, and so does `a.b.push(…)`.
  const isMember = above?.type === 'MemberExpression' && above.object === last;
  if (isAssigned(isMember ? above : last, parents)) return { path: members, byMethod: false };
  const isCalled = above?.type === 'CallExpression' && above.callee === last;
  return isCalled && CHANGING.has(members.at(-1) ?? '') ? { path: members.slice(0, -1), byMethod: true } : undefined;
}

/** Is it assigned to, directly or within a pattern, other than where it is declared? */
function isAssigned(node: Syntax, parents: Parents): boolean {
  for (let at = node, above = parents.get(at); above !== undefined; at = above, above = parents.get(at)) {
    switch (above.type) {
      case 'AssignmentExpression':
      case 'ForInStatement':
      case 'ForOfStatement':
        return above.left === at;
      case 'UpdateExpression':
        return true;
      case 'UnaryExpression':
        return above.operator === 'delete';
      case 'AssignmentPattern':
        if (above.left !== at) return false;
        break;
      case 'Property':
        if (above.value !== at || parents.get(above)?.type !== 'ObjectPattern') return false;
        break;
      case 'ArrayPattern':
      case 'ObjectPattern':
      case 'RestElement':
        break;
      default:
        return false;
    }
  }
  return false;
}
