/** Which name of a function's text means what: a variable of its own, a label, or something from outside. */
import { type Chain, type Change, chainFrom, changeOf } from './chain.js';
import { ARGUMENTS, Local, type Scope, Scopes, localIn } from './scope.js';
import { type Syntax, isClass, isPlainFunction, walk } from './syntax.js';

/** A use of something from outside: a free variable, or `this` and `super` of the function itself. */
export interface Use extends Chain {
  /** Name of the variable; `this`; `super`. */
  readonly name: string;
}

export interface Names {
  /** What an identifier means; one that is missing here is a name of a property. */
  readonly locals: ReadonlyMap<Syntax, Local>;
  /** Identifiers that mean something from outside. */
  readonly free: ReadonlySet<Syntax>;
  readonly uses: readonly Use[];
  /** `#names` that no class in the text declares. */
  readonly privates: ReadonlySet<string>;
  /** What the function changes of `this`. */
  readonly changesOfThis: readonly Change[];
}

/** An identifier that is used, and where. */
export interface Mention {
  readonly node: Syntax;
  readonly name: string;
  readonly scope: Scope;
}

export function namesOf(root: Syntax): Names {
  return new Resolver(root);
}

export class Resolver implements Names {
  readonly locals = new Map<Syntax, Local>();
  readonly free = new Set<Syntax>();
  readonly uses: Use[] = [];
  readonly privates = new Set<string>();
  readonly changesOfThis: Change[] = [];
  readonly parents = new Map<Syntax, Syntax>();
  readonly scopes = new Scopes();
  private readonly mentions: Mention[] = [];
  /** The label statements around a node, and the classes around it with their `#names`. */
  private readonly labels: Local[] = [];
  private readonly classes: Set<string>[] = [];
  /** Functions with a `this` of their own, and classes, around a node; those of the root itself do not count. */
  private depth = 0;

  constructor(private readonly root: Syntax) {
    walk(
      root,
      (node, parent, field) => {
        this.enter(node, parent, field);
      },
      (node) => {
        this.leave(node);
      },
    );
    for (const mention of this.mentions) this.resolve(mention);
  }

  private enter(node: Syntax, parent: Syntax | undefined, field: string): void {
    if (parent !== undefined) this.parents.set(node, parent);
    this.scopes.enter(node);
    switch (node.type) {
      case 'Identifier':
        this.identifier(node, parent, field);
        return;
      case 'PrivateIdentifier':
        if (!this.classes.some((names) => names.has(node.name as string))) this.privates.add(node.name as string);
        return;
      case 'LabeledStatement':
        this.labels.push(new Local((node.label as Syntax).name as string));
        return;
      case 'ThisExpression':
        if (this.isOwnThis()) this.mention(node, 'this');
        return;
      case 'Super':
        if (this.isOwnThis() && parent?.type === 'MemberExpression') this.mention(node, 'super');
        return;
      default:
        if (isClass(node)) this.classes.push(privateNamesOf(node));
        if (isClass(node) || isPlainFunction(node)) this.depth++;
    }
  }

  private leave(node: Syntax): void {
    this.scopes.leave(node);
    if (isClass(node)) this.classes.pop();
    if (isClass(node) || isPlainFunction(node)) this.depth--;
    else if (node.type === 'LabeledStatement') this.labels.pop();
  }

  /** Is `this` that of the function whose text it is? A class has none, an arrow that of what is around it. */
  private isOwnThis(): boolean {
    return !isClass(this.root) && this.depth <= (this.root.type === 'ArrowFunctionExpression' ? 0 : 1);
  }

  private identifier(node: Syntax, parent: Syntax | undefined, field: string): void {
    const { name } = node as unknown as { name: string };
    if (parent !== undefined && isPropertyName(parent, field)) return;
    if (field !== 'label') this.mention(node, name);
    else {
      const label = this.labels.findLast((each) => each.name === name);
      if (label !== undefined) this.locals.set(node, label);
    }
  }

  private mention(node: Syntax, name: string): void {
    this.mentions.push({ node, name, scope: this.scopes.current });
  }

  private resolve({ node, name, scope }: Mention): void {
    if (node.type === 'Identifier') {
      const local = localIn(scope, name);
      if (local !== undefined) {
        if (local !== ARGUMENTS) this.locals.set(node, local);
        return;
      }
      this.free.add(node);
    }
    const use: Use = { name, ...chainFrom(node, this.parents) };
    this.uses.push(use);
    const change = name === 'this' ? changeOf(use, this.parents) : undefined;
    if (change !== undefined && change.path.length > 0) this.changesOfThis.push(change);
  }
}

function isPropertyName(parent: Syntax, field: string): boolean {
  if (field === 'property')
    return parent.type === 'MetaProperty' || (parent.type === 'MemberExpression' && parent.computed !== true);
  if (field === 'meta' || field === 'imported' || field === 'exported') return true;
  return field === 'key' && parent.computed !== true;
}

function privateNamesOf(node: Syntax): Set<string> {
  const names = new Set<string>();
  for (const { key } of (node.body as { body: { key?: Syntax }[] }).body) {
    if (key?.type === 'PrivateIdentifier') names.add(key.name as string);
  }
  return names;
}
