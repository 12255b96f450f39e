/** From the text of a function, of a member of a class, or of a whole script to what it says. What cannot be read says nothing. */
import { membersText, numberOf } from './canonical.js';
import { ARGUMENTS, type Local, type Scope } from './scope.js';
import { primitiveText } from './literal.js';
import { Unreadable } from './scanner.js';
import { Statements } from './statements.js';
import type { FunctionText, Use } from './use.js';
import type { ChangeOf } from './writer.js';

/** A first guess, which spares most texts a second attempt. */
const EXPRESSION = /^(?:async\s+function|function|class)\b|^(?:async\s*)?\(|^(?:async\s+)?[\w$]+\s*=>/;

/** @param naming - places of helpers that give a function its name, which do not count */
export function readFunction(source: string, naming?: ReadonlySet<number>): FunctionText | undefined {
  const asExpression = (reader: Reader): FunctionText => reader.readExpression();
  const asMethod = (reader: Reader): FunctionText => reader.readMethod();
  const guesses = EXPRESSION.test(source) ? [asExpression, asMethod] : [asMethod, asExpression];
  return attempt(source, guesses, naming);
}

/** The text of a member as it stands in its class. */
export function readMember(source: string, naming?: ReadonlySet<number>): FunctionText | undefined {
  return attempt(source, [(reader) => reader.readMethod()], naming);
}

/** A module, a script, or the text of a CommonJS module. */
export function readProgram(source: string): Program | undefined {
  return attempt(source, [(reader) => reader.readProgram()]);
}

export interface Program {
  readonly scope: Scope;
  /** All scopes in it, outer ones first. */
  readonly scopes: readonly Scope[];
  readonly changes: readonly ChangeOf[];
}

function attempt<Result>(
  source: string,
  ways: readonly ((reader: Reader) => Result)[],
  naming: ReadonlySet<number> = new Set(),
): Result | undefined {
  for (const way of ways) {
    try {
      const reader = new Reader(source);
      reader.naming = naming;
      return way(reader);
    } catch (error) {
      // A RangeError is that of a text which is nested too deep.
      if (!(error instanceof Unreadable || error instanceof RangeError || error instanceof SyntaxError)) throw error;
    }
  }
  return undefined;
}

/** Names that are as good as literals. */
const CONSTANTS: ReadonlyMap<string, unknown> = new Map([
  ['undefined', undefined],
  ['NaN', NaN],
  ['Infinity', Infinity],
]);

class Reader extends Statements {
  readExpression(): FunctionText {
    this.next();
    const isArrow =
      !this.isName('function') && !this.isName('class') && !(this.isName('async') && this.isAsyncFunction());
    if (isArrow) this.ownDepth = 0;
    else if (this.isName('class')) this.ownDepth = -1;
    this.assignment();
    return this.finish();
  }

  /** A method is the function it is, whatever it is called; an accessor says which one it is. */
  readMethod(): FunctionText {
    this.next();
    const modifiers = this.modifiers();
    const { mark } = this;
    this.key();
    this.takeBack(mark);
    if (this.isSign('(')) this.method(this.start, modifiers);
    else {
      this.field(false);
      this.pass(';');
      this.write('field;');
    }
    return this.finish();
  }

  readProgram(): Program {
    if (this.source.startsWith('#!')) this.end = /$/m.exec(this.source)?.index ?? 0;
    this.inAsync = true;
    this.next();
    this.statements();
    this.mustEnd();
    const { scope, scopes, changes } = this;
    return { scope, scopes, changes };
  }

  private mustEnd(): void {
    if (this.kind !== 'end') throw this.unreadable();
  }

  /** Says of each name whether the text declares it. Names get numbers in the order in which they are met. */
  private finish(): FunctionText {
    this.mustEnd();
    this.endPiece();
    const pieces: (string | Use)[] = [];
    const privates = new Set<string>();
    const numbers = new Map<Local | string, number>();
    let text = '';
    for (const piece of this.pieces) {
      if (typeof piece === 'string') {
        text += piece;
        continue;
      }
      const { name, members, start, dynamic, givenThis, bare, whole } = piece;
      const local = piece.local ?? piece.scope.find(name);
      const isPrivate = name.startsWith('#');
      if (local === undefined && CONSTANTS.has(name)) {
        text += primitiveText(CONSTANTS.get(name)) + membersText(members, bare);
        continue;
      }
      if (local === undefined && !isPrivate) {
        if (text !== '') pieces.push(text);
        text = '';
        pieces.push({ name, members, start, dynamic, givenThis, bare, whole });
        continue;
      }
      if (local === undefined) privates.add(name.slice(1));
      const what = local === undefined ? 'outer #' : isPrivate ? '#' : 'local ';
      text += local === ARGUMENTS ? 'arguments;' : `${what}${numberOf(numbers, local ?? name)};`;
      text += membersText(members, bare);
    }
    if (text !== '') pieces.push(text);
    const changesOfThis = this.changes.filter(({ of, path }) => of.name === 'this' && path.length > 0);
    return {
      pieces,
      privates,
      changesOfThis: changesOfThis.map(({ path, byMethod }) => ({ path, byMethod })),
      members: this.members,
    };
  }
}
