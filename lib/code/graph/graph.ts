/** The graph of what functions reach. Each function is looked at once; circles are fine, and nothing recurses. */
import { types } from 'node:util';
import { hasIdentity } from '../../base/language/brand.js';
import { sourceOf } from '../../key/classes/class-source.js';
import type { CodeDepth } from '../part/code.js';
import { builtinName } from '../sight/builtins.js';
import { type Seen, look } from '../sight/look.js';
import { isUnsafeToShow } from '../sight/property.js';
import { isClassText } from '../text/function-text.js';
import { Aliases } from './aliases.js';
import { settleFunctions } from './function-node.js';
import type { Links, Pending, Wanted } from './links.js';
import { CodeNode, type Edge } from './node.js';
import { constantNode, settleObject } from './value-node.js';

/** More than this is not looked at for one function. */
export const MOST_NODES = 20_000;

export class Graph implements Links {
  readonly aliasOf = new Aliases().of;
  /** By the object, then by the object that is its `this`; by itself where it has none. */
  private readonly nodes = new WeakMap<object, WeakMap<object, CodeNode>>();
  /** By the class, then by the object that is their `this`, then by name. */
  private readonly members = new WeakMap<object, WeakMap<object, Map<string, CodeNode>>>();
  private pending: Pending[] = [];
  private objects: { node: CodeNode; value: object; from: string | undefined }[] = [];
  from: string | undefined;

  constructor(
    readonly depth: CodeDepth,
    readonly isCached: (fn: object) => boolean,
    private readonly originalOf: (fn: object) => object | undefined,
  ) {}

  /** The node of a function, with everything it reaches looked at. @throws NoInspector */
  rootOf(fn: object, home: object | undefined): CodeNode {
    const node = this.nodeOf(fn, { home, inside: true }, true);
    this.lookAtPending();
    node.home = home;
    return node;
  }

  /** Looks at many functions at once, which takes far less time than one by one. @throws NoInspector */
  lookAhead(methods: Iterable<readonly [fn: object, home: object | undefined]>): void {
    for (const [fn, home] of methods) this.nodeOf(fn, { home, inside: true }, true);
    this.lookAtPending();
  }

  edgeTo(name: string, value: unknown, wanted: Wanted = {}, changing = false): Edge {
    return { name, to: this.nodeOf(value, wanted), changing };
  }

  edgeToMember(name: string, Class: object, members: readonly string[], home: object | undefined): Edge {
    const byHome = this.members.get(Class) ?? new WeakMap<object, Map<string, CodeNode>>();
    this.members.set(Class, byHome);
    const known = byHome.get(home ?? Class) ?? new Map<string, CodeNode>();
    byHome.set(home ?? Class, known);
    let to = known.get(name);
    if (to === undefined) {
      known.set(name, (to = new CodeNode('method')));
      this.pending.push({ node: to, fn: Class, home, inside: true, members, from: this.from, seen: undefined });
    }
    return { name, to, changing: false };
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
          for (const { node } of [...pending, ...objects])
            node.become('unseen', 'unseen', `behind ${MOST_NODES} parts`);
          return;
        }
        for (const { node, value, from } of objects) {
          this.from = from;
          this.settleObject(node, value);
        }
        this.lookInto(pending);
      }
    } finally {
      this.pending = [];
      this.objects = [];
    }
  }

  private settleObject(node: CodeNode, value: object): void {
    settleObject(node, value, (name, member) => {
      const isMethod = typeof member === 'function' && !types.isProxy(member) && !isClassText(member);
      return this.edgeTo(name, member, isMethod ? { home: value } : {});
    });
  }

  private lookInto(pending: readonly Pending[]): void {
    const visible = pending.filter(({ node, fn, seen }) => {
      if (seen !== undefined || !isUnsafeToShow(fn)) return true;
      node.become('unseen', `unseen ${sourceOf(fn)}`, 'looking into it would run a getter');
      return false;
    });
    const looked = look(visible.flatMap(({ fn, seen }) => (seen === undefined ? fn : []))).values();
    settleFunctions(
      visible,
      visible.map(({ seen }) => seen ?? (looked.next().value as Seen)),
      this,
    );
  }

  private nodeOf(value: unknown, { home: given, inside = false, seen }: Wanted, isRoot = false): CodeNode {
    if (!hasIdentity(value)) return constantNode(value);
    const original = this.originalOf(value);
    if (original !== undefined) return this.nodeOf(original, { home: given, inside }, isRoot);
    if (types.isProxy(value)) return CodeNode.unseen('a proxy');
    // Members of a namespace that a tool made would otherwise differ from the same functions imported by name.
    const home = inside || usesThis(value) ? given : undefined;
    const byHome = this.nodes.get(value) ?? new WeakMap<object, CodeNode>();
    this.nodes.set(value, byHome);
    const place = typeof value === 'function' && home !== undefined ? home : value;
    let node = byHome.get(place);
    if (node === undefined) {
      node =
        typeof value === 'function' ? this.functionNode(value, { home, inside, seen }, isRoot) : this.objectNode(value);
      byHome.set(place, node);
    }
    return node;
  }

  private objectNode(value: object): CodeNode {
    const node = new CodeNode('data');
    this.objects.push({ node, value, from: this.from });
    return node;
  }

  private functionNode(fn: object, { home, inside = false, seen }: Wanted, isRoot: boolean): CodeNode {
    const builtin = builtinName(fn);
    if (builtin !== undefined) return CodeNode.leaf('builtin', `builtin ${builtin}`, builtin);
    if (!isRoot && this.isCached(fn)) return CodeNode.leaf('cached', 'cached');
    const node = new CodeNode('helper');
    this.pending.push({ node, fn, home, inside, members: undefined, from: isRoot ? undefined : this.from, seen });
    return node;
  }
}

/** A native function may be a bound one of a function that does. */
function usesThis(value: object): boolean {
  return typeof value === 'function' && /\b(?:this|super)\b/.test(sourceOf(value));
}
