/** Syntax trees as the parser gives them (ESTree), and a walk over them that needs no recursion. */

/** A node of a syntax tree. Which fields there are depends on its type. */
export interface Syntax {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

export function isSyntax(value: unknown): value is Syntax {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Syntax>).type === 'string';
}

/** Is it a function with a `this` of its own? */
export function isPlainFunction({ type }: Syntax): boolean {
  return type === 'FunctionDeclaration' || type === 'FunctionExpression';
}

export function isFunction(node: Syntax): boolean {
  return isPlainFunction(node) || node.type === 'ArrowFunctionExpression';
}

export function isClass({ type }: Syntax): boolean {
  return type === 'ClassDeclaration' || type === 'ClassExpression';
}

/** Fields that say nothing about the program; `type` is asked for by its name. */
const SILENT = new Set(['type', 'start', 'end', 'raw', 'directive', 'range', 'loc', 'sourceFile']);

/** Names of fields as nodes of one type have them, and what {@link fieldsOf} makes of these. */
interface Shape {
  readonly keys: readonly string[];
  readonly fields: readonly string[];
}

/** Nodes of a type have one shape, or a few: sorting names for each node would take longer than parsing. */
const shapes = new Map<string, Shape[]>();

/** Names of a node's fields in the order of the alphabet, without those that say nothing about the program. */
export function fieldsOf(node: Syntax): readonly string[] {
  const keys = Object.keys(node);
  const known = shapes.get(node.type) ?? [];
  for (const shape of known) if (isSame(shape.keys, keys)) return shape.fields;
  const fields = keys.filter((key) => !SILENT.has(key)).sort();
  known.push({ keys, fields });
  shapes.set(node.type, known);
  return fields;
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}

/** Stands in the place of a field for a node whose children are done. */
const DONE = '';

/** Visits every node, parents before their children; `leave` is told when all of a node's children are done. */
export function walk(
  root: Syntax,
  enter: (node: Syntax, parent: Syntax | undefined, field: string) => void,
  leave: (node: Syntax) => void,
): void {
  const nodes: Syntax[] = [root];
  const parents: (Syntax | undefined)[] = [undefined];
  const fields: string[] = ['root'];
  const open = (node: Syntax, parent: Syntax | undefined, field: string): void => {
    nodes.push(node);
    parents.push(parent);
    fields.push(field);
  };
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    const parent = parents.pop();
    const field = fields.pop() as string;
    if (field === DONE) {
      leave(node);
      continue;
    }
    enter(node, parent, field);
    open(node, undefined, DONE);
    const names = fieldsOf(node);
    for (let at = names.length - 1; at >= 0; at--) {
      const name = names[at] as string;
      const value = node[name];
      if (typeof value !== 'object' || value === null) continue;
      if (!Array.isArray(value)) {
        if (isSyntax(value)) open(value, node, name);
        continue;
      }
      for (let place = value.length - 1; place >= 0; place--) {
        const item: unknown = value[place];
        if (isSyntax(item)) open(item, node, name);
      }
    }
  }
}
