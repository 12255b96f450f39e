/**
 * What a script changes after it has been loaded: variables that its functions assign to, and objects that they fill. What
 * is assigned where a variable is declared, at a script's own top level or in a function's own body, is how it gets its
 * value.
 */
import { CHANGING, type Change, chainFrom, changeOf } from './chain.js';
import { Resolver } from './names.js';
import { parseProgram } from './parse.js';
import { type Local, type Scope, localIn } from './scope.js';
import { type Syntax, isFunction } from './syntax.js';

/** To read a longer text would take longer than is worth it: what it changes is not known then. */
const LONGEST = 4 * 2 ** 20;

/** Ways to write a change. Most names are in none of them, which spares parsing the script. */
const name = String.raw`(?<![\w$.#])([\w$]+)`;
const members = String.raw`(?:\s*\.\s*[\w$]+|\[[^\]\n]*\])*`;
const assigns = String.raw`(?:(?:[-+*/%&|^]|<<|>>>?|\*\*|&&|\|\||\?\?)?=(?![=>])|\+\+|--)`;
const notDeclared = String.raw`(?<!\b(?:const|let|var)\s+)`;
const CHANGES = [
  new RegExp(String.raw`${notDeclared}${name}${members}\s*${assigns}`, 'g'),
  new RegExp(String.raw`(?:\+\+|--|\bdelete\s)\s*([\w$]+)`, 'g'),
  new RegExp(String.raw`${name}${members}\.(?:${[...CHANGING].join('|')})\(`, 'g'),
  new RegExp(String.raw`${notDeclared}([[{][^;=]*[\]}])\s*=(?![=>])`, 'g'),
  new RegExp(String.raw`\bfor\s*(?:await\s*)?\(\s*([\w$.]+|[[{][^;=]*[\]}])\s+(?:of|in)\b`, 'g'),
];

export class ScriptChanges {
  private candidates: ReadonlySet<string> | undefined;
  private resolver: Resolver | undefined;
  private readonly known = new Map<Local, Change[]>();

  constructor(private readonly text: string) {}

  /** Changes of a variable by functions of the script, as a function that begins at a place knows the variable. */
  of(variable: string, line: number, column: number): readonly Change[] {
    if (this.text.length > LONGEST) return [];
    this.candidates ??= candidatesIn(this.text);
    if (!this.candidates.has(variable)) return [];
    this.resolver ??= this.read();
    const local = localIn(this.scopeAt(line, column), variable);
    return (local && this.known.get(local)) ?? [];
  }

  private read(): Resolver {
    const resolver = new Resolver(parseProgram(this.text) ?? { type: 'Program', start: 0, end: 0, body: [] });
    for (const [node, local] of resolver.locals) {
      const change = changeOf(chainFrom(node, resolver.parents), resolver.parents);
      if (change === undefined || !runsLater(node, local, resolver.parents)) continue;
      const known = this.known.get(local);
      if (known === undefined) this.known.set(local, [change]);
      else known.push(change);
    }
    return resolver;
  }

  /** The innermost scope around a place. */
  private scopeAt(line: number, column: number): Scope | undefined {
    const at = offsetOf(this.text, line, column);
    let innermost = this.resolver?.scopes.current;
    let length = Infinity;
    for (const [{ start, end }, scope] of this.resolver?.scopes.of ?? []) {
      if (start > at || end <= at || end - start > length) continue;
      innermost = scope;
      length = end - start;
    }
    return innermost;
  }
}

/** Where in a text a place is, both counted from 0. */
export function offsetOf(text: string, line: number, column: number): number {
  const ends = /\r\n?|[\n\u2028\u2029]/g;
  for (let passed = 0; passed < line && ends.exec(text) !== null; passed++);
  return ends.lastIndex + column;
}

function candidatesIn(text: string): Set<string> {
  const names = new Set<string>();
  for (const pattern of CHANGES) {
    for (const [, found = ''] of text.matchAll(pattern))
      for (const each of found.match(/[\w$]+/g) ?? []) names.add(each);
  }
  return names;
}

/** Does a function stand between a variable's declaration and a mention of it? Fields are set whenever there is an object. */
function runsLater(mention: Syntax, { home }: Local, parents: ReadonlyMap<Syntax, Syntax>): boolean {
  for (let at = parents.get(mention); at !== undefined && at !== home; at = parents.get(at)) {
    if (isFunction(at) || (at.type === 'PropertyDefinition' && at.static !== true)) return true;
  }
  return false;
}
