/** The node of a function or class that has been looked into: by whose it is, then by its text. */
import { functionName, hasIdentity } from '../../base/language/brand.js';
import { isNative } from '../../key/classes/class-source.js';
import { builtinName } from '../sight/builtins.js';
import type { Seen } from '../sight/look.js';
import { isOwnCode } from '../sight/own-code.js';
import { scriptOwner } from '../sight/script-owner.js';
import { scriptPath } from '../sight/scripts.js';
import type { Piece } from '../text/canonical.js';
import { isClassText } from '../text/function-text.js';
import { TOOL_PACKAGES } from '../text/tool-helpers.js';
import type { Links, Pending } from './links.js';
import type { CodeNode, Edge } from './node.js';
import { reading } from './reading.js';

/** Settles the nodes of functions, given what is seen of each. */
export function settleFunctions(pending: readonly Pending[], seen: readonly Seen[], links: Links): void {
  for (const [at, each] of pending.entries()) {
    const shown = seen[at] as Seen;
    if (isNative(each.fn)) settleNative(each.node, each.fn, shown, links);
    else if (!isForeign(each, shown, links)) settleText(each, shown, links);
  }
}

function settleNative(node: CodeNode, fn: object, { bound }: Seen, links: Links): void {
  if (bound === undefined) {
    node.become('unseen', `native ${functionName(fn)}`, 'native code');
    return;
  }
  const { target, self, args } = bound;
  const home = hasIdentity(self) ? self : undefined;
  const pieces: Piece<Edge>[] = ['bound ', { outside: links.edgeTo('the bound function', target, { home }) }];
  if (home === undefined) pieces.push(' to ', { outside: links.edgeTo('the bound this', self) });
  for (const [at, value] of args.entries())
    pieces.push(' ', { outside: links.edgeTo(`bound argument ${at + 1}`, value) });
  node.settle(pieces, 'bound');
}

/** Settles what is not the program's own by its name. */
function isForeign({ node, fn, inside, from }: Pending, { location }: Seen, links: Links): boolean {
  const path = location === undefined ? '' : scriptPath({ fn, location, from });
  const owner = location !== undefined && isOwnCode(location) ? ({ kind: 'stowage' } as const) : scriptOwner(path);
  links.from = path;
  const name = functionName(fn);
  switch (owner.kind) {
    case 'node':
      node.become('builtin', `builtin ${name}`, name);
      return true;
    case 'stowage':
      node.become('package', 'package stowage', 'stowage');
      return true;
    case 'program':
      node.file = owner.file;
      return false;
    case 'package': {
      node.file = owner.name;
      const isTool = TOOL_PACKAGES.has(owner.name);
      if (isTool) node.become('builtin', 'part of the language', owner.name);
      else if (links.depth === 'package' && !inside) {
        node.become('package', `package ${owner.name} ${owner.version} ${name}`, `${owner.name}@${owner.version}`);
      } else return false;
      return true;
    }
  }
}

function settleText(pending: Pending, seen: Seen, links: Links): void {
  const { node, fn, home, inside, members } = pending;
  const texts = (members ?? [undefined]).map((member) => reading(pending, seen, member, links));
  const pieces = texts.flatMap((text) => text.pieces);
  if (members === undefined && isClassText(fn)) {
    node.kind = 'class';
    const base: unknown = Object.getPrototypeOf(fn);
    if (hasIdentity(base) && builtinName(base) === undefined) {
      pieces.push('extends ', { outside: links.edgeTo(functionName(base), base) });
    }
  } else if (home !== undefined && inside) node.kind = 'method';
  node.settle(pieces, texts.map(({ own }) => own).join(''));
}
