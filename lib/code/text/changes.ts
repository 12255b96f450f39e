/**
 * What a script changes after it has been loaded: variables that its functions assign to, and objects that they fill. What
 * is assigned where a variable is declared, at a script's own top level or in a function's own body, is how it gets its
 * value.
 */
import { offsetOf } from '../sight/offset.js';
import { type Program, readProgram } from './read.js';
import { type Local, Scope } from './scope.js';
import { CHANGING, type Change, type Mention } from './use.js';

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
  private program: Program | undefined;
  private readonly known = new Map<Local, Change[]>();

  constructor(readonly text: string) {}

  /** Changes of a variable by functions of the script, as a function that begins at a place knows the variable. */
  of(variable: string, line: number, column: number): readonly Change[] {
    if (this.text.length > LONGEST) return [];
    this.candidates ??= candidatesIn(this.text);
    if (!this.candidates.has(variable)) return [];
    this.program ??= this.read();
    const at = offsetOf(this.text, line, column);
    const innermost = this.program.scopes.findLast(({ start, end }) => start <= at && at < end) ?? this.program.scope;
    const local = innermost.find(variable);
    return (local && this.known.get(local)) ?? [];
  }

  private read(): Program {
    const program = readProgram(this.text) ?? { scope: new Scope(undefined, 0), scopes: [], changes: [] };
    for (const { of, path, byMethod } of program.changes) {
      const local = of.scope.find(of.name);
      if (local === undefined || !runsLater(of)) continue;
      const known = this.known.get(local) ?? [];
      this.known.set(local, known);
      known.push({ path, byMethod });
    }
    return program;
  }
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
function runsLater({ name, scope }: Mention): boolean {
  for (let at: Scope | undefined = scope; at !== undefined && at.own(name) === undefined; at = at.outer) {
    if (at.kind === 'later') return true;
  }
  return false;
}
