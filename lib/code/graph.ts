/** The graph of what functions reach. Each function is looked at once; circles are fine, and nothing recurses. */
import { types } from 'node:util';
import { functionName, hasIdentity } from '../base/brand.js';
import { isNative, sourceOf } from '../key/class-source.js';
import { builtinName } from './builtins.js';
import { canonicalText, type Piece } from './canonical.js';
import { chainOf, classOf, definerOf, functionField, privateMembers, treeOfClass } from './class-members.js';
import type { CodeDepth } from './code.js';
import { type Seen, inspectorOfThread } from './inspector.js';
import { type Names, type Use, namesOf } from './names.js';
import { CodeNode, type Edge } from './node.js';
import { isUnsafeToShow } from './property.js';
import { type Reached, type Start, changesOf, follow, lookUp, propertyKey, wholeKey } from './reach.js';
import { scriptOwner } from './script-owner.js';
import { type Syntax, isClass, parseFunction } from './syntax.js';
import { TOOL_PACKAGES, isNamingHelper, isToolHelper } from './tool-helpers.js';
import { constantNode, settleObject } from './value-node.js';

/** More than this is not looked at for one function. */
export const MOST_NODES = 20_000;

/** A function, class, or member of a class that is still to be looked at. */
interface Pending {
  readonly node: CodeNode;
  /** Whose scopes are seen. */
  readonly fn: object;
  readonly home: object | undefined;
  /** Does it belong to the class that is asked about, so that its text counts wherever it is installed? */
  readonly inside: boolean;
  /** Trees of members of a class; otherwise that of the function. */
  readonly members: readonly Syntax[] | undefined;
}

interface Wanted {
  readonly home?: object | undefined;
  readonly inside?: boolean;
}

export class Graph {
  /** By the object, then by the object that is its `this`; by itself where it has none. */
  private readonly nodes = new WeakMap<object, WeakMap<object, CodeNode>>();
  private readonly members = new WeakMap<object, Map<string, CodeNode>>();
  private readonly aliases = new WeakMap<object, { value: unknown } | null>();
  private pending: Pending[] = [];
  private objects: { node: CodeNode; value: object }[] = [];

  constructor(
    private readonly depth: CodeDepth,
    private readonly isCached: (fn: object) => boolean,
  ) {}

  /** The node of a function, with everything it reaches looked at. @throws NoInspector */
  rootOf(fn: object, home: object | undefined): CodeNode {
    const node = this.nodeOf(fn, { home, inside: true }, true);
    this.lookAtPending();
    return node;
  }

  /** Looks at many functions at once, which takes far less time than one by one. @throws NoInspector */
  lookAhead(methods: Iterable<readonly [fn: object, home: object | undefined]>): void {
    for (const [fn, home] of methods) this.nodeOf(fn, { home, inside: true }, true);
    this.lookAtPending();
  }

  private lookAtPending(): void {
    let looked = 0;
    try {
      while (this.pending.length > 0 || this.objects.length > 0) {
        const { pending, objects } = this;
        this.pending = [];
        this.objects = [];
        looked += pending.length + objects.length;
        if (looked > MOST_NODES) {
          for (const each of [...pending, ...objects]) each.node.become('unseen', 'unseen', `behind more than ${MOST_NODES} parts`);
          break;
        }
        for (const { node: each, value } of objects) settleObject(each, value, (name, member) => this.edgeOfMember(value, name, member));
        this.settleFunctions(pending);
      }
    } finally {
      this.pending = [];
      this.objects = [];
    }
  }

  private nodeOf(value: unknown, { home: given, inside = false }: Wanted, isRoot = false): CodeNode {
    if (!hasIdentity(value)) return constantNode(value);
    if (types.isProxy(value)) return CodeNode.unseen('a proxy');
    // Members of a namespace that a tool made would otherwise differ from the same functions imported by name.
    const home = inside || usesThis(value) ? given : undefined;
    const byHome = this.nodes.get(value) ?? new WeakMap<object, CodeNode>();
    this.nodes.set(value, byHome);
    const place = typeof value === 'function' && home !== undefined ? home : value;
    const known = byHome.get(place);
    if (known !== undefined) return known;
    const node = typeof value === 'function' ? this.functionNode(value, home, inside, isRoot) : new CodeNode('data');
    if (typeof value !== 'function') this.objects.push({ node, value });
    byHome.set(place, node);
    return node;
  }

  private functionNode(fn: object, home: object | undefined, inside: boolean, isRoot: boolean): CodeNode {
    const builtin = builtinName(fn);
    if (builtin !== undefined) return CodeNode.leaf('builtin', `builtin ${builtin}`, builtin);
    if (!isRoot && this.isCached(fn)) return CodeNode.leaf('cached', 'cached');
    const node = new CodeNode('helper');
    this.pending.push({ node, fn, home, inside, members: undefined });
    return node;
  }

  private edgeOfMember(holder: object, name: string, value: unknown): Edge {
    const through = [propertyKey(holder, name)];
    if (hasIdentity(value)) through.push(wholeKey(value));
    return { name, to: this.nodeOf(value, typeof value === 'function' && !isClassText(value) ? { home: holder } : {}), through };
  }

  private settleFunctions(pending: readonly Pending[]): void {
    const visible = pending.filter(({ node, fn }) => {
      if (!isUnsafeToShow(fn)) return true;
      node.become('unseen', `unseen ${sourceOf(fn)}`, 'looking into it would run a getter');
      return false;
    });
    const seen = inspectorOfThread.look(visible.map(({ fn }) => fn));
    for (const [at, each] of visible.entries()) this.settle(each, seen[at] as Seen);
  }

  private settle(each: Pending, seen: Seen): void {
    const { node, fn, home } = each;
    if (isNative(fn)) {
      if (seen.bound !== undefined) this.settleBound(node, seen.bound);
      else node.become('unseen', `native ${functionName(fn)}`, 'native code');
      return;
    }
    const owner = scriptOwner(inspectorOfThread.fileOf(seen.script));
    if (owner.kind === 'node') { node.become('builtin', `builtin ${functionName(fn)}`, functionName(fn)); return; }
    if (owner.kind === 'stowage') { node.become('package', 'package stowage', 'stowage'); return; }
    if (owner.kind === 'package') {
      node.file = owner.name;
      if (TOOL_PACKAGES.has(owner.name)) { node.become('builtin', 'part of the language', owner.name); return; }
      if (this.depth === 'package' && !each.inside) {
        node.become('package', `package ${owner.name} ${owner.version} ${functionName(fn)}`, `${owner.name}@${owner.version}`); return;
      }
    } else node.file = owner.file;
    const source = sourceOf(fn);
    const trees = each.members ?? [treeOf(fn, source)];
    const pieces: Piece<Edge>[] = [];
    let own = '';
    for (const tree of trees) {
      if (tree === undefined) {
        pieces.push(`text ${source}`);
        own += source;
        continue;
      }
      const reading = new Reading(this, each, seen, tree);
      pieces.push(...reading.pieces);
      own += reading.own;
    }
    if (each.members === undefined && trees[0] !== undefined && isClass(trees[0])) {
      node.kind = 'class';
      const base: unknown = Object.getPrototypeOf(fn);
      if (hasIdentity(base) && builtinName(base) === undefined) pieces.push('extends ', { outside: this.edgeTo(functionName(base), base, {}) });
    } else if (home !== undefined && each.inside) node.kind = 'method';
    node.settle(pieces, own);
  }

  private settleBound(node: CodeNode, { target, self, args }: NonNullable<Seen['bound']>): void {
    const pieces: Piece<Edge>[] = ['bound ', { outside: this.edgeTo('the bound function', target, { home: hasIdentity(self) ? self : undefined }) }];
    if (!hasIdentity(self)) pieces.push(' to ', { outside: this.edgeTo('the bound this', self, {}) });
    for (const [at, value] of args.entries()) pieces.push(' ', { outside: this.edgeTo(`bound argument ${at + 1}`, value, {}) });
    node.settle(pieces, 'bound');
  }

  edgeTo(name: string, value: unknown, wanted: Wanted, through: readonly string[] = []): Edge {
    return { name, to: this.nodeOf(value, wanted), through };
  }

  /** The members of a class that its text alone shows. */
  memberEdge(Class: object, name: string, trees: readonly Syntax[], home: object | undefined): Edge {
    const known = this.members.get(Class) ?? new Map<string, CodeNode>();
    this.members.set(Class, known);
    let node = known.get(name);
    if (node === undefined) {
      node = new CodeNode('method');
      known.set(name, node);
      this.pending.push({ node, fn: Class, home, inside: true, members: trees });
    }
    return { name, to: node, through: [] };
  }

  /** What a getter returns that does nothing but return a variable, or a member of one. */
  readonly aliasOf = (getter: object): unknown => {
    let alias = this.aliases.get(getter);
    if (alias === undefined) {
      this.aliases.set(getter, null); // a getter may lead back to itself
      alias = this.findAlias(getter);
      this.aliases.set(getter, alias);
    }
    return alias?.value;
  };

  private findAlias(getter: object): { value: unknown } | null {
    if (types.isProxy(getter) || isUnsafeToShow(getter)) return null;
    const source = sourceOf(getter);
    if (source.length > 200) return null;
    const tree = parseFunction(source);
    const returned = tree === undefined ? undefined : returnedBy(tree);
    if (tree === undefined || returned === undefined) return null;
    const names = namesOf(tree);
    const [seen] = inspectorOfThread.look([getter]);
    const use = names.uses.find(({ nodes }) => nodes.includes(returned) || returned.object === nodes.at(-1));
    if (seen === undefined || use === undefined || use.name === 'this') return null;
    const start = lookUp(use.name, seen);
    if (start === undefined || start.unset === true) return null;
    const members = [...use.members];
    if (use.nodes.at(-1) !== returned) {
      // `m[k]` with a captured name, as in TypeScript's __createBinding.
      const key = returned.property as Syntax;
      const name = returned.computed === true && key.type === 'Identifier' ? lookUp(key.name as string, seen)?.value : undefined;
      if (typeof name !== 'string') return null;
      members.push(name);
    }
    const reached = follow(start, { ...use, members }, this.aliasOf);
    return reached.members === members.length && !reached.getter ? { value: reached.value } : null;
  }

  /** Is a method of the analyzer traced on its own? */
  isTraced(value: unknown): boolean {
    return typeof value === 'function' && this.isCached(value);
  }
}

function treeOf(fn: object, source: string): Syntax | undefined {
  return source.startsWith('class') ? treeOfClass(fn) : parseFunction(source);
}

/** A native function may be a bound one of a function that does. */
function usesThis(value: object): boolean {
  return typeof value === 'function' && /\b(?:this|super)\b/.test(sourceOf(value));
}

function isClassText(fn: object): boolean {
  return sourceOf(fn).startsWith('class');
}

function returnedBy(tree: Syntax): Syntax | undefined {
  const fn = (tree.type === 'Property' ? tree.value : tree) as Syntax;
  const body = fn.body as Syntax | undefined;
  if (body === undefined || (fn.params as unknown[]).length > 0) return undefined;
  const only = body.type === 'BlockStatement' ? (body.body as Syntax[]) : undefined;
  const returned = only === undefined ? body : only.length === 1 && only[0]?.type === 'ReturnStatement' ? only[0].argument : undefined;
  return (returned ?? undefined) as Syntax | undefined;
}

/** One text, with what its names lead to. */
class Reading {
  readonly pieces: Piece<Edge>[];
  readonly own: string;
  private readonly edges = new Map<Syntax, Edge>();
  /** What stands in the text alone: the name of a variable says nothing. */
  private readonly ownKeys = new Map<Syntax, string>();
  private readonly naming = new Set<Syntax>();
  private readonly names: Names;
  private definer: object | null | undefined;

  constructor(
    private readonly graph: Graph,
    private readonly each: Pending,
    private readonly seen: Seen,
    private readonly tree: Syntax,
  ) {
    this.names = namesOf(tree);
    const changes: string[] = [];
    for (const use of this.names.uses) this.resolve(use, changes);
    each.node.changes = [...each.node.changes, ...changes];
    const source = { tree, names: this.names, isNaming: (node: Syntax) => this.naming.has(node) };
    this.pieces = canonicalText<Edge>({ ...source, outsideOf: (node) => this.edges.get(node) });
    this.own = textWithNumbers(canonicalText<string>({ ...source, outsideOf: (node) => this.ownKeys.get(node) }));
    this.addPrivates();
  }

  private resolve(use: Use, changes: string[]): void {
    const { graph, each } = this;
    const start = this.startOf(use);
    if (start === undefined) return;
    const [first] = use.nodes;
    const isVariable = use.name !== 'this' && use.name !== 'super';
    changes.push(...changesOf(start, use, graph.aliasOf));
    const reached = follow(start, use, graph.aliasOf);
    if (isVariable && this.isTool(use, reached.value)) return;
    if (isVariable) this.ownKeys.set(use.nodes[reached.exports] as Syntax, [use.name, ...use.members.slice(0, reached.exports)].join('.'));
    if (reached.unset) each.node.unsettled = true;
    if (!isVariable && reached.members === 0) {
      if (use.name === 'this' && use.members[0] !== undefined) this.addFunctionField(use.members[0]);
      return;
    }
    if (graph.isTraced(reached.value) && !isVariable) return;
    const edge = this.edge(use, reached, isVariable);
    if (!isVariable || reached.value !== undefined || !reached.unset) this.edges.set(use.nodes[reached.members] as Syntax, edge);
    else this.edges.set(first as Syntax, edge);
  }

  private edge(use: Use, reached: Reached, isVariable: boolean): Edge {
    const home = use.givenThis ? this.each.home : isVariable ? reached.home : (this.each.home ?? reached.home);
    const name = isVariable
      ? reached.exports > 0
        ? use.members.slice(reached.exports - 1, reached.members).join('.')
        : [use.name, ...use.members.slice(0, reached.members)].join('.')
      : use.members.slice(0, reached.members).join('.');
    const inside = !isVariable || use.givenThis;
    return this.graph.edgeTo(name, reached.value, { home, inside: inside && this.each.inside }, reached.through);
  }

  private startOf({ name }: Use): Start | undefined {
    const { home, fn } = this.each;
    if (name === 'this') return home === undefined ? undefined : { value: home };
    if (name !== 'super') return lookUp(name, this.seen);
    if (home === undefined) return undefined;
    const definer = this.definedIn() ?? (this.each.members === undefined ? undefined : chainOf(home).find((holder) => classOf(holder) === fn));
    const above: unknown = definer === undefined ? null : Object.getPrototypeOf(definer);
    return hasIdentity(above) ? { value: above } : undefined;
  }

  private definedIn(): object | undefined {
    const { home, fn, members } = this.each;
    if (this.definer === undefined) this.definer = home === undefined || members !== undefined ? null : (definerOf(home, fn) ?? null);
    return this.definer ?? undefined;
  }

  /** Helpers that tools write into programs are left as their names, or left out. */
  private isTool(use: Use, value: unknown): boolean {
    if (typeof value !== 'function' || types.isProxy(value)) return false;
    const node = use.nodes.at(-1) as Syntax;
    if (isNamingHelper(sourceOf(value))) {
      this.naming.add(node);
      return true;
    }
    return isToolHelper(use.name);
  }

  private addFunctionField(name: string): void {
    const { home } = this.each;
    if (home === undefined) return;
    for (const holder of chainOf(home)) {
      const Class = classOf(holder);
      const field = Class === undefined || typeof home === 'function' ? undefined : functionField(Class, name);
      if (Class === undefined || field === undefined) continue;
      const edge = this.graph.memberEdge(Class, name, [field], home);
      if (!this.extra.has(name)) this.extra.set(name, edge);
      return;
    }
  }
  private readonly extra = new Map<string, Edge>();

  /** `#names` stand in the text as they are; what they are called follows it. */
  private addPrivates(): void {
    const { fn, members } = this.each;
    const definer = this.definedIn();
    const Class = members !== undefined ? fn : definer === undefined ? undefined : classOf(definer);
    if (Class !== undefined) {
      for (const name of this.names.privates) {
        const found = privateMembers(Class, name);
        if (found.length > 0) this.extra.set(`#${name}`, this.graph.memberEdge(Class, `#${name}`, found, this.each.home));
      }
    }
for (const edge of this.extra.values()) this.pieces.push(';also ', { outside: edge });
  }
}

/** Variables get numbers in the order in which they are met. */
export function textWithNumbers(pieces: readonly Piece<string>[]): string {
  const numbers = new Map<string, number>();
  return pieces
    .map((piece) => {
      if (typeof piece === 'string') return piece;
      const number = numbers.get(piece.outside) ?? numbers.size;
      numbers.set(piece.outside, number);
      return `@${number};`;
    })
    .join('');
}
