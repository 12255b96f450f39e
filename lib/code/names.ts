/** Which name of a function's text means what: a variable of its own, a label, or something from outside. */
import { type Syntax, isClass, isFunction, isPlainFunction, isSyntax, walk } from './syntax.js';

/** A variable or a label that the text declares itself. */
export class Local {
  constructor(readonly name: string) {}
}

/** A use of something from outside: a free variable, or `this` and `super` of the function itself. */
export interface Use {
  /** Name of the variable; `this`; `super`. */
  readonly name: string;
  /** The identifier, and the member expressions around it, inside out: `a`, `a.b`, `a.b.c`. */
  readonly nodes: readonly Syntax[];
  /** Names of the members that the nodes after the first ask for. */
  readonly members: readonly string[];
  /** Behind how many members stands what is changed: assigned to, or told so by a method like `push`; -1 for the variable. */
  readonly changedAt: number | undefined;
  /** Is the member after these the method that changes it? */
  readonly changedByCall: boolean;
  /** Does a call hand it this function's `this`, as `original.apply(this, …)` does? */
  readonly givenThis: boolean;
}

export interface Names {
  /** What an identifier means; one that is missing here is a name of a property. */
  readonly locals: ReadonlyMap<Syntax, Local>;
  /** Identifiers that mean something from outside. */
  readonly free: ReadonlySet<Syntax>;
  readonly uses: readonly Use[];
  /** `#names` that no class in the text declares. */
  readonly privates: ReadonlySet<string>;
}

interface Scope {
  readonly outer: Scope | undefined;
  readonly names: Map<string, Local>;
  /** Do `var`s stay in here? */
  readonly holdsVar: boolean;
}

/** Methods of arrays, Maps and Sets that change what they are called on. */
const CHANGING = new Set(['push', 'pop', 'shift', 'unshift', 'splice', 'sort', 'reverse', 'fill', 'copyWithin', 'set', 'add',
  'delete', 'clear']); // prettier-ignore
const SCOPED = new Set(['BlockStatement', 'ForStatement', 'ForInStatement', 'ForOfStatement', 'SwitchStatement', 'CatchClause']);

export function namesOf(root: Syntax): Names {
  return new Resolver(root, declare(root));
}

/** First every declaration, since a name may be used above it. */
function declare(root: Syntax): Map<Syntax, Scope> {
  const scopes = new Map<Syntax, Scope>();
  /** Bodies that share the scope of their function, and those whose function has default values, which do not see them. */
  const shared = new Set<unknown>();
  const bodies = new Set<unknown>();
  let scope: Scope = { outer: undefined, names: new Map(), holdsVar: true };
  const open = (node: Syntax, holdsVar: boolean): void => {
    scope = { outer: scope, names: new Map(), holdsVar };
    scopes.set(node, scope);
  };
  const add = (pattern: unknown, into = scope): void => {
    for (const name of namesIn(pattern)) if (!into.names.has(name)) into.names.set(name, new Local(name));
  };
  walk(
    root,
    (node) => {
      if (isFunction(node)) {
        if (node.type === 'FunctionDeclaration') add(node.id);
        open(node, true);
        if (node.type === 'FunctionExpression') add(node.id);
        if (isPlainFunction(node)) scope.names.set('arguments', ARGUMENTS);
        const parameters = node.params as Syntax[];
        for (const parameter of parameters) add(parameter);
        (parameters.every(({ type }) => type === 'Identifier') ? shared : bodies).add(node.body);
      } else if (isClass(node)) {
        if (node.type === 'ClassDeclaration') add(node.id);
        open(node, false);
        add(node.id);
      } else if (node.type === 'StaticBlock') open(node, true);
      else if (SCOPED.has(node.type) && !shared.has(node)) {
        open(node, bodies.has(node));
        if (node.type === 'CatchClause') add(node.param);
      } else if (node.type === 'VariableDeclaration') {
        let into = scope;
        if (node.kind === 'var') while (!into.holdsVar && into.outer !== undefined) into = into.outer;
        for (const { id } of node.declarations as { id: Syntax }[]) add(id, into);
      }
    },
    (node) => {
      if (scopes.has(node)) scope = scope.outer as Scope;
    },
  );
  return scopes;
}

/** Stands for the `arguments` of any function. */
const ARGUMENTS = new Local('arguments');

/** Names that a pattern declares. */
function namesIn(pattern: unknown): string[] {
  const names: string[] = [];
  const open = [pattern];
  for (let next = open.pop(); next !== undefined || open.length > 0; next = open.pop()) {
    if (!isSyntax(next)) continue;
    if (next.type === 'Identifier') names.push(next.name as string);
    else if (next.type === 'ObjectPattern') open.push(...(next.properties as unknown[]));
    else if (next.type === 'ArrayPattern') open.push(...(next.elements as unknown[]));
    else if (next.type === 'Property') open.push(next.value);
    else if (next.type === 'AssignmentPattern') open.push(next.left);
    else if (next.type === 'RestElement') open.push(next.argument);
  }
  return names;
}

/** Then what each identifier means. */
class Resolver implements Names {
  readonly locals = new Map<Syntax, Local>();
  readonly free = new Set<Syntax>();
  readonly uses: Use[] = [];
  readonly privates = new Set<string>();
  private readonly parents = new Map<Syntax, Syntax>();
  /** The label statements around a node, and the variables it sees. */
  private readonly labels: Local[] = [];
  private scope: Scope | undefined;
  /** Functions with a `this` of their own, and classes, around a node; those of the root itself do not count. */
  private depth = 0;
  private readonly classes: Set<string>[] = [];

  constructor(
    private readonly root: Syntax,
    private readonly scopes: ReadonlyMap<Syntax, Scope>,
  ) {
    walk(root, (node, parent, field) => { this.enter(node, parent, field); }, (node) => { this.leave(node); });
  }

  private enter(node: Syntax, parent: Syntax | undefined, field: string): void {
    if (parent !== undefined) this.parents.set(node, parent);
    const scope = this.scopes.get(node);
    // The name of a declared class or function belongs to the scope around it; that of an expression to its own.
    if (scope !== undefined) this.scope = scope;
    if (isPlainFunction(node) || isClass(node)) this.depth++;
    if (isClass(node)) this.classes.push(privateNamesOf(node));
    if (node.type === 'LabeledStatement') this.labels.push(new Local((node.label as Syntax).name as string));
    else if (node.type === 'Identifier') this.identifier(node, parent, field);
    else if (node.type === 'PrivateIdentifier') this.privateName(node.name as string);
    else if ((node.type === 'ThisExpression' && this.isOwnThis()) || node.type === 'Super') {
      if (node.type !== 'Super' || (this.isOwnThis() && parent?.type === 'MemberExpression')) {
        this.use(node, node.type === 'Super' ? 'super' : 'this');
      }
    }
  }

  private leave(node: Syntax): void {
    if (this.scopes.has(node)) this.scope = this.scope?.outer;
    if (isPlainFunction(node) || isClass(node)) this.depth--;
    if (isClass(node)) this.classes.pop();
    if (node.type === 'LabeledStatement') this.labels.pop();
  }

  /** Is `this` that of the function whose text it is? A class has none, an arrow that of what is around it. */
  private isOwnThis(): boolean {
    return !isClass(this.root) && this.depth <= (this.root.type === 'ArrowFunctionExpression' ? 0 : 1);
  }

  private privateName(name: string): void {
    if (!this.classes.some((names) => names.has(name))) this.privates.add(name);
  }

  private identifier(node: Syntax, parent: Syntax | undefined, field: string): void {
    const { name } = node as unknown as { name: string };
    if (parent !== undefined && isPropertyName(parent, field)) return;
    if (field === 'label') {
      const label = this.labels.findLast((each) => each.name === name);
      if (label !== undefined) this.locals.set(node, label);
      return;
    }
    for (let scope = this.scope; scope !== undefined; scope = scope.outer) {
      const local = scope.names.get(name);
      if (local === undefined) continue;
      if (local !== ARGUMENTS) this.locals.set(node, local);
      return;
    }
    this.free.add(node);
    this.use(node, name);
  }

  /** Climbs from a name to the longest chain of members that starts with it. */
  private use(first: Syntax, name: string): void {
    const nodes = [first];
    const members: string[] = [];
    let outermost = first;
    let above = this.parents.get(first);
    for (; above !== undefined; above = this.parents.get(above)) {
      const member = above.object === outermost ? memberName(above) : undefined;
      if (member === undefined) break;
      nodes.push(above);
      members.push(member);
      outermost = above;
    }
    this.uses.push({
      name,
      nodes,
      members,
      ...this.change(outermost, above, members),
      givenThis: above?.type === 'CallExpression' && givesThis(above, outermost, members),
    });
  }

  private change(outermost: Syntax, above: Syntax | undefined, members: readonly string[]): Pick<Use, 'changedAt' | 'changedByCall'> {
    const last = members.length;
    if (above === undefined) return { changedAt: undefined, changedByCall: false };
    const isMember = above.type === 'MemberExpression' && above.object === outermost;
    const target = isMember ? above : outermost;
    const parent = isMember ? this.parents.get(above) : above;
    if (parent !== undefined && this.isAssigned(target, parent)) return { changedAt: isMember ? last : last - 1, changedByCall: false };
    const changes = above.type === 'CallExpression' && above.callee === outermost && CHANGING.has(members.at(-1) ?? '');
    return { changedAt: changes ? last - 1 : undefined, changedByCall: changes };
  }

  private isAssigned(target: Syntax, parent: Syntax): boolean {
    switch (parent.type) {
      case 'AssignmentExpression':
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'AssignmentPattern':
        return parent.left === target;
      case 'UpdateExpression':
      case 'RestElement':
        return true;
      case 'UnaryExpression':
        return parent.operator === 'delete';
      case 'ArrayPattern':
        return true;
      case 'Property':
        return parent.value === target && this.parents.get(parent)?.type === 'ObjectPattern';
      default:
        return false;
    }
  }
}

function isPropertyName(parent: Syntax, field: string): boolean {
  if (field === 'property') return parent.type === 'MetaProperty' || (parent.type === 'MemberExpression' && parent.computed !== true);
  if (field === 'meta') return true;
  return field === 'key' && parent.computed !== true;
}

/** The name that a member expression asks for, where it stands in the text. */
export function memberName(node: Syntax): string | undefined {
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

function privateNamesOf(node: Syntax): Set<string> {
  const names = new Set<string>();
  for (const { key } of (node.body as { body: { key?: Syntax }[] }).body) {
    if (key?.type === 'PrivateIdentifier') names.add(key.name as string);
  }
  return names;
}
