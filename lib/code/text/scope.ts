/** What declares names, and where they are known. */
import { type Syntax, isClass, isFunction, isPlainFunction, isSyntax } from './syntax.js';

/** A variable or a label that the text declares itself. */
export class Local {
  /** @param home the node in whose scope it is known; none for what belongs to the text as a whole */
  constructor(
    readonly name: string,
    readonly home?: Syntax,
  ) {}
}

/** Stands for the `arguments` of any function. */
export const ARGUMENTS = new Local('arguments');

export interface Scope {
  readonly outer: Scope | undefined;
  readonly names: Map<string, Local>;
  /** Do `var`s stay in here? */
  readonly holdsVar: boolean;
  /** What opened it. */
  readonly node: Syntax | undefined;
}

export function localIn(scope: Scope | undefined, name: string): Local | undefined {
  for (let at = scope; at !== undefined; at = at.outer) {
    const local = at.names.get(name);
    if (local !== undefined) return local;
  }
  return undefined;
}

const SCOPED = new Set([
  'BlockStatement',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'SwitchStatement',
  'CatchClause',
]);

/** Opens scopes as a walk enters nodes, and fills them. A name may be used above its declaration: ask when all is walked. */
export class Scopes {
  current: Scope = { outer: undefined, names: new Map(), holdsVar: true, node: undefined };
  readonly of = new Map<Syntax, Scope>();
  /** Bodies that share the scope of their function, and those whose function has default values, which do not see them. */
  private readonly shared = new Set<unknown>();
  private readonly bodies = new Set<unknown>();

  enter(node: Syntax): void {
    if (isFunction(node)) this.enterFunction(node);
    else if (isClass(node)) {
      if (node.type === 'ClassDeclaration') this.declare(node.id);
      this.open(node, false);
      if (node.type === 'ClassExpression') this.declare(node.id);
    } else if (node.type === 'StaticBlock') this.open(node, true);
    else if (SCOPED.has(node.type) && !this.shared.has(node)) {
      this.open(node, this.bodies.has(node));
      if (node.type === 'CatchClause') this.declare(node.param);
    } else if (node.type === 'VariableDeclaration') {
      let into = this.current;
      if (node.kind === 'var') while (!into.holdsVar && into.outer !== undefined) into = into.outer;
      for (const { id } of node.declarations as { id: Syntax }[]) this.declare(id, into);
    } else if (node.type === 'ImportDeclaration') {
      for (const { local } of node.specifiers as { local: Syntax }[]) this.declare(local);
    }
  }

  leave(node: Syntax): void {
    if (this.of.has(node)) this.current = this.current.outer as Scope;
  }

  private enterFunction(node: Syntax): void {
    if (node.type === 'FunctionDeclaration') this.declare(node.id);
    this.open(node, true);
    if (node.type === 'FunctionExpression') this.declare(node.id);
    if (isPlainFunction(node)) this.current.names.set('arguments', ARGUMENTS);
    const parameters = node.params as Syntax[];
    for (const parameter of parameters) this.declare(parameter);
    (parameters.every(({ type }) => type === 'Identifier') ? this.shared : this.bodies).add(node.body);
  }

  private open(node: Syntax, holdsVar: boolean): void {
    this.current = { outer: this.current, names: new Map(), holdsVar, node };
    this.of.set(node, this.current);
  }

  private declare(pattern: unknown, { names, node } = this.current): void {
    for (const name of namesIn(pattern)) if (!names.has(name)) names.set(name, new Local(name, node));
  }
}

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
