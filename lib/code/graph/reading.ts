/** One text, with what its names lead to. */
import { types } from 'node:util';
import { hasIdentity } from '../../base/language/brand.js';
import { sourceOf } from '../../key/classes/class-source.js';
import { builtinName } from '../sight/builtins.js';
import type { Seen } from '../sight/look.js';
import { type CanonicalText, type Meaning, type Piece, canonicalText } from '../text/canonical.js';
import { textOf } from '../text/function-text.js';
import { readFunction, readMember } from '../text/read.js';
import { isNamingHelper, isToolHelper } from '../text/tool-helpers.js';
import type { FunctionText, Use } from '../text/use.js';
import {
  chainOf,
  classOf,
  constructorOf,
  definerOf,
  functionField,
  methodAt,
  privateMembers,
} from './class-members.js';
import type { Links, Pending } from './links.js';
import { CodeNode, type Edge } from './node.js';
import { type Reached, type Start, addedToEngine, follow, isChanged, lookUp } from './reach.js';
import { changesAt, isDeclaredAt, nodeImportAt } from './script-changes.js';

const MADE_UP = 'names are made up as the program runs';
const IMPORTED = 'it is imported as the program runs';
const IMPORT = /(?:^|;)import;/;

/** The canonical text of a function, or of a member of a class, and what it leads to. */
export function reading(pending: Pending, seen: Seen, member: string | undefined, links: Links): CanonicalText<Edge> {
  const { fn } = pending;
  const source = member ?? sourceOf(fn);
  let text = member === undefined ? textOf(fn) : readMember(member);
  let found = text && new Reading(pending, seen, text, links);
  if (found !== undefined && found.naming.size > 0) {
    text = (member === undefined ? readFunction : readMember)(source, found.naming);
    found = text && new Reading(pending, seen, text, links);
  }
  // A syntax younger than this counts as it is written.
  return found ?? { pieces: [`text ${source}`], own: `text ${source}` };
}

class Reading implements CanonicalText<Edge> {
  readonly pieces: readonly Piece<Edge>[];
  readonly own: string;
  /** Places of helpers that give functions their names. */
  readonly naming = new Set<number>();
  /** Members of the class that stand in the text as they are. */
  private readonly members = new Map<string, Edge>();

  constructor(
    private readonly pending: Pending,
    private readonly seen: Seen,
    private readonly text: FunctionText,
    private readonly links: Links,
  ) {
    const { pieces, own } = canonicalText<Edge>(text, (use) =>
      use.name === 'this' || use.name === 'super' ? this.member(use) : this.variable(use),
    );
    if (text.privates.size > 0) this.addPrivates();
    if (text.pieces.some((piece) => typeof piece === 'string' && IMPORT.test(piece)))
      this.members.set('import()', { name: 'import()', to: CodeNode.unseen(IMPORTED), changing: false });
    this.pieces = [...pieces, ...[...this.members.values()].flatMap((outside) => [';also ', { outside }])];
    this.own = own;
  }

  private variable(use: Use): Meaning<Edge> | undefined {
    const { links, pending } = this;
    const start = lookUp(use.name, this.seen);
    if (start === undefined) return this.addedTo(use);
    const reached = follow(start.value, use.members, links.aliasOf);
    if (this.isTool(use, reached.value)) return undefined;
    if (start.unset && reached.members === 0) pending.node.unsettled = true;
    const followed = use.members.slice(0, reached.members);
    const name = (reached.exports > 0 ? followed.slice(reached.exports - 1) : [use.name, ...followed]).join('.');
    const home = use.givenThis ? pending.home : reached.home;
    const inside = use.givenThis && pending.inside;
    const changing = this.isChanging(start, use, reached);
    const key = [use.name, ...use.members.slice(0, reached.exports)].join('.');
    const seen = reached.members === 0 ? this.seenFrom(start, use) : undefined;
    const ofNode = this.nameInNode(start, use, reached);
    const outside =
      ofNode === undefined
        ? links.edgeTo(name, reached.value, { home, inside, seen }, changing)
        : { name, to: CodeNode.ofNode(ofNode), changing: false };
    return { outside, reached: reached.members, key, exports: reached.exports };
  }

  /** What the program has put among what came with the engine. */
  private addedTo(use: Use): Meaning<Edge> | undefined {
    const path = [use.name, ...use.members];
    const found = addedToEngine(path, this.seen);
    if (found === undefined) return undefined;
    const { value, home, names } = found;
    const outside = this.links.edgeTo(path.slice(0, names).join('.'), value, { home });
    return { outside, reached: names - 1, exports: 0 };
  }

  /** What is no function, and comes from a module of Node, is what it is where the program runs. */
  private nameInNode({ value, scopes }: Start, { name, members }: Use, reached: Reached): string | undefined {
    const { location } = this.seen;
    const { fn, from } = this.pending;
    const isOfScript = scopes.slice(1).every(({ description }) => /^(?:Script|Global)/.test(description));
    if (typeof reached.value === 'function' || location === undefined || !isOfScript) return undefined;
    const imported =
      hasIdentity(value) && !types.isProxy(value) && builtinName(value)?.startsWith('node:') === true
        ? ''
        : nodeImportAt({ fn, location, from }, name);
    return imported === '' ? (members[reached.members - 1] ?? 'a module') : imported;
  }

  /** What a function of the same module sees, where the module's text says that it stands at its top. */
  private seenFrom({ value, scopes }: Start, { name }: Use): Seen | undefined {
    const { location } = this.seen;
    const { fn, from } = this.pending;
    const mayBe = scopes[0]?.description === 'Module' && typeof value === 'function' && !types.isProxy(value);
    if (!mayBe || location === undefined || !isDeclaredAt({ fn, location, from }, name, sourceOf(value)))
      return undefined;
    return { scopes, location: { ...location, lineNumber: 0, columnNumber: 0 }, bound: undefined };
  }

  private isChanging(start: Start, use: Use, reached: Reached): boolean {
    const { location } = this.seen;
    const { fn, from } = this.pending;
    if (!start.declared || location === undefined) return false;
    const changes = changesAt({ fn, location, from }, use.name);
    return changes.length > 0 && isChanged(changes, start.value, use.members, reached, this.links.aliasOf);
  }

  /** `this.x` and `super.x`: methods are followed, fields are state. */
  private member(use: Use): Meaning<Edge> | undefined {
    const { links, pending, text } = this;
    const start = use.name === 'this' ? pending.home : this.above();
    if (start === undefined) return undefined;
    const reached = follow(start, use.members, links.aliasOf);
    if (use.name === 'this') this.addField(use.members);
    if (use.name === 'this' && (use.whole || (use.dynamic && use.members.length === 0))) this.addMethods(start);
    if (reached.members === 0) {
      const [member] = use.members;
      if (use.name === 'this' && member !== undefined) this.addFunctionField(member);
      const name = `${use.name}[…]`;
      if (member === undefined && use.dynamic)
        this.members.set(name, { name, to: CodeNode.unseen(MADE_UP), changing: false });
      return undefined;
    }
    // What a method of the analyzer returns is traced on its own, if it is cached.
    if (typeof reached.value === 'function' && links.isCached(reached.value)) return undefined;
    const name = use.members.slice(0, reached.members).join('.');
    const { inside, home = reached.home } = pending;
    const changing = use.name === 'this' && isChanged(text.changesOfThis, start, use.members, reached, links.aliasOf);
    const outside = links.edgeTo(name, reached.value, { home, inside }, changing);
    return { outside, reached: reached.members, exports: 0 };
  }

  /** Where `super` finds its methods. */
  private above(): object | undefined {
    const definer = this.definer();
    const above: unknown = definer === undefined ? undefined : Object.getPrototypeOf(definer);
    return hasIdentity(above) ? above : undefined;
  }

  private definer(): object | undefined {
    const { home, fn, members } = this.pending;
    if (home === undefined) return undefined;
    return members === undefined ? definerOf(home, fn) : chainOf(home).find((holder) => classOf(holder) === fn);
  }

  /** Helpers that tools write into programs are left as their names, or left out. */
  private isTool(use: Use, value: unknown): boolean {
    if (typeof value !== 'function' || types.isProxy(value)) return false;
    if (!isNamingHelper(sourceOf(value))) return isToolHelper(use.name);
    this.naming.add(use.start);
    return true;
  }

  /** Who has all of the object may call any of its methods. */
  private addMethods(home: object): void {
    const { links, pending } = this;
    for (const holder of chainOf(home)) {
      for (const key of Reflect.ownKeys(holder)) {
        const name = `this.${String(key)}`;
        if (key === 'constructor' || key === 'prototype' || this.members.has(name)) continue;
        const method = methodAt(holder, key);
        if (typeof method !== 'function' || method === pending.fn || links.isCached(method)) continue;
        this.members.set(name, links.edgeTo(name.slice('this.'.length), method, { home, inside: pending.inside }));
      }
    }
  }

  private addField(path: readonly string[]): void {
    const { node, home } = this.pending;
    node.home = home;
    (node.fields ??= new Map()).set(path.join('.'), path);
  }

  private addFunctionField(name: string): void {
    const { home } = this.pending;
    if (home === undefined || typeof home === 'function' || this.members.has(name)) return;
    for (const holder of chainOf(home)) {
      const Class = classOf(holder);
      const field = Class === undefined ? undefined : functionField(Class, name);
      if (Class === undefined || field === undefined) continue;
      this.members.set(name, this.links.edgeToMember(name, Class, [field], home));
      return;
    }
  }

  /** `#names` stand in the text as they are; what they are called follows it. */
  private addPrivates(): void {
    const { fn, home, members } = this.pending;
    const definer = this.definer();
    const Class = members !== undefined ? fn : definer === undefined ? undefined : classOf(definer);
    if (Class === undefined) return;
    for (const name of this.text.privates) {
      const found = privateMembers(Class, name);
      if (found.includes(`#${name}`)) found.push(...constructorOf(Class));
      if (found.length > 0) this.members.set(`#${name}`, this.links.edgeToMember(`#${name}`, Class, found, home));
    }
  }
}
