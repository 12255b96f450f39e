/** Expressions. */
import { unescaped } from './scanner.js';
import { CHANGING, type Mention } from './use.js';
import { Writer } from './writer.js';

/** How tightly operators between two expressions bind. */
const STRENGTH: ReadonlyMap<string, number> = new Map(
  [
    '??',
    '||',
    '&&',
    '|',
    '^',
    '&',
    '== != === !==',
    '< > <= >= instanceof in',
    '<< >> >>>',
    '+ -',
    '* / %',
    '**',
  ].flatMap((signs, at) => signs.split(' ').map((sign): [string, number] => [sign, at + 1])),
);
const ASSIGNS = new Set('= += -= *= /= %= **= <<= >>= >>>= &= |= ^= &&= ||= ??='.split(' '));
const PREFIXES = new Set(['+', '-', '!', '~', 'typeof', 'void', 'delete']);
const CONSTANTS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
]);
/** Methods that hand a function its `this`. */
const GIVE_THIS = new Set(['call', 'apply', 'bind']);
/** What ends an expression that may be left out. */
const ENDS = new Set([')', ']', '}', ',', ';', ':']);
/** Signs that may begin parameters, or a pattern. */
const OPENING = new Set(['(', '[', '{']);
const ARROW = /(?:\s|\/\*[^]*?\*\/)*=>/y;

/** What is assigned: what is there already, or a variable that is declared by it. */
export type Target = 'assigned' | 'var' | 'let';

export abstract class Expressions extends Writer {
  /** Places of helpers with which build tools set the names of functions. */
  naming: ReadonlySet<number> = new Set();
  protected inAsync = false;
  protected inGenerator = false;
  /** Functions and classes around, save arrows. */
  protected depth = 0;
  /** No deeper than this, `this` is that of the function whose text it is. */
  protected ownDepth = 1;

  protected abstract function(): void;
  protected abstract arrow(isAsync: boolean, noIn: boolean): void;
  protected abstract class(): void;
  protected abstract object(): void;
  protected abstract pattern(target: Target): void;

  /** @param noIn - is `in` no operator, but part of a loop's head? */
  protected expression(noIn = false): void {
    let count = 0;
    do {
      if (count > 0 && this.isSign(')')) break; // a comma ends the parameters of an arrow function
      this.pass('...');
      this.assignment(noIn);
      count++;
    } while (this.pass(','));
    if (count > 1) this.write(`sequence ${count};`);
  }

  protected assignment(noIn = false): void {
    if (this.kind === 'name' && this.isArrowOrYield(noIn)) return;
    const mayBeMore = this.kind === 'sign' ? OPENING.has(this.value) : this.isName('async');
    const mark = mayBeMore ? this.mark : undefined;
    this.conditional(noIn);
    if (this.kind !== 'sign') return;
    const sign = this.value;
    if (mark !== undefined && sign === '=>') {
      // What looked like an expression are parameters.
      this.rewind(mark);
      this.arrow(this.passName('async'), noIn);
    } else if (ASSIGNS.has(sign)) {
      if (mark !== undefined && this.shape === 'list or object') {
        this.rewind(mark);
        this.pattern('assigned');
      } else this.change();
      this.expect(sign);
      this.assignment(noIn);
      this.write(`${sign};`);
    }
  }

  private isArrowOrYield(noIn: boolean): boolean {
    ARROW.lastIndex = this.end;
    if (ARROW.test(this.source)) {
      this.arrow(false, noIn);
      return true;
    }
    if (this.value === 'yield' && this.inGenerator) {
      this.next();
      const isMany = this.pass('*');
      if (this.newline || this.isEnd()) this.write('nothing;');
      else this.assignment(noIn);
      this.write(isMany ? 'yield each;' : 'yield;');
      return true;
    }
    if (this.value !== 'async') return false;
    const { place } = this;
    this.next();
    const isArrow = this.is('name') && !this.newline && !this.isName('function') && !this.isEnd();
    if (isArrow && !STRENGTH.has(this.value)) {
      this.arrow(true, noIn);
      return true;
    }
    this.goTo(place);
    return false;
  }

  protected isEnd(): boolean {
    if (this.kind === 'sign') return ENDS.has(this.value);
    return this.kind === 'end' || this.isName('in') || this.isName('of');
  }

  private conditional(noIn: boolean): void {
    this.binary(0, noIn);
    if (!this.pass('?')) return;
    this.assignment();
    this.expect(':');
    this.assignment(noIn);
    this.write('choice;');
  }

  private binary(above: number, noIn: boolean): void {
    this.unary();
    while (this.kind === 'sign' || this.kind === 'name') {
      const sign = this.value;
      const strength = STRENGTH.get(sign);
      if (strength === undefined || strength <= above || (noIn && sign === 'in')) return;
      const left = this.literal;
      this.next();
      this.binary(sign === '**' ? strength - 1 : strength, noIn);
      const right = this.literal;
      if (sign === '/' && left?.value === 1 && right?.value === 0) {
        this.replaceLiterals(left.length + right.length, Infinity);
      } else this.write(`${sign} ;`);
    }
  }

  private unary(): void {
    const sign = this.kind === 'sign' || this.kind === 'name' ? this.value : '';
    if (PREFIXES.has(sign)) {
      this.next();
      this.unary();
      this.prefix(sign);
    } else if (sign === '++' || sign === '--') {
      this.next();
      this.unary();
      this.change();
      this.write(`${sign} before;`);
    } else if (sign === 'await' && this.inAsync) {
      this.next();
      this.unary();
      this.write('await;');
    } else {
      this.operand();
      if (this.newline || !(this.isSign('++') || this.isSign('--'))) return;
      this.change();
      this.write(`${this.value} after;`);
      this.next();
    }
  }

  private prefix(sign: string): void {
    const { literal } = this;
    if (literal !== undefined) {
      const { value, length } = literal;
      if (sign === 'void') {
        this.replaceLiterals(length, undefined);
        return;
      }
      if (sign === '!' && (value === 0 || value === 1)) {
        this.replaceLiterals(length, value === 0);
        return;
      }
      if (sign === '-' && typeof value === 'number') {
        this.replaceLiterals(length, -value);
        return;
      }
    }
    if (sign === 'delete') this.change();
    this.write(`${sign} only;`);
  }

  /** Something, and what is asked of it. */
  protected operand(): void {
    this.begin();
    let isOptional = false;
    for (;;) {
      this.membersOf();
      if (this.isSign('(')) this.call('call');
      else if (this.pass('?.')) {
        isOptional = true;
        const { chain } = this;
        if (this.isSign('(')) this.call('call if there');
        else if (this.pass('[')) {
          if (chain !== undefined) chain.dynamic = true;
          this.expression();
          this.expect(']');
          this.write('item if there;');
        } else {
          const name = this.value;
          if (this.kind === 'private') this.privateMember(chain);
          this.write(this.kind === 'private' ? 'private if there;' : `${name} if there;`);
          this.next();
        }
      } else break;
    }
    if (isOptional) this.write('as far as there;');
  }

  private begin(): void {
    if (this.isName('new')) this.construct();
    else this.primary();
  }

  private construct(): void {
    this.next();
    if (this.pass('.')) {
      this.next();
      this.write('new.target;');
      return;
    }
    this.begin();
    this.membersOf();
    if (this.isSign('(')) this.call('new');
    else this.write('new 0;');
  }

  private membersOf(): void {
    for (;;) {
      if (this.kind === 'template') {
        this.template(true);
        this.write('tagged;');
      } else if (this.pass('.')) {
        if (this.kind === 'private') {
          this.privateMember(this.chain);
          this.write('private member;');
        } else this.writeMember(this.value);
        this.next();
      } else if (this.isSign('[')) this.item();
      else return;
    }
  }

  private privateMember(of: Mention | undefined): void {
    if (of !== undefined) of.hasPrivate = true;
    this.mention(this.value, this.start);
  }

  private item(): void {
    const { chain } = this;
    this.next();
    if (this.kind === 'string') {
      const { place } = this;
      this.next();
      if (this.pass(']')) {
        this.writeMember(place.value);
        return;
      }
      this.goTo(place);
    }
    if (chain !== undefined) chain.dynamic = true;
    this.expression();
    this.expect(']');
    this.write('item;');
    this.ref = chain;
    this.isItem = true;
  }

  private call(what: string): void {
    const callee = this.chain;
    this.next();
    const chains: (Mention | undefined)[] = [];
    let first: typeof this.shape;
    while (!this.pass(')')) {
      const isSpread = this.pass('...');
      this.assignment();
      if (isSpread) this.write('spread;');
      chains.push(this.chain);
      if (chains.length === 1) first = this.shape;
      this.pass(',');
    }
    const [one, two] = chains;
    const last = callee?.members.at(-1) ?? '';
    if (callee !== undefined && GIVE_THIS.has(last) && isThis(one)) give(one, callee);
    if (one !== undefined && isThis(two)) give(two, one);
    if (callee !== undefined && CHANGING.has(last)) {
      this.changes.push({ of: callee, path: callee.members.slice(0, -1), byMethod: true });
    }
    this.write(`${what} ${chains.length};`);
    if (chains.length === 2 && first === 'function') this.shape = 'wrapped function';
  }

  private primary(): void {
    switch (this.kind) {
      case 'name':
        this.named();
        return;
      case 'number':
        this.writeLiteral(numberOf(this.value));
        break;
      case 'string':
        this.writeLiteral(this.value);
        break;
      case 'private':
        this.mention(this.value, this.start);
        break;
      case 'template':
        this.template(false);
        return;
      case 'sign':
        this.signed();
        return;
      default:
        throw this.unreadable();
    }
    this.next();
  }

  private signed(): void {
    switch (this.value) {
      case '(':
        this.parenthesized();
        return;
      case '[':
        this.list();
        return;
      case '{':
        this.object();
        return;
      case '/':
      case '/=': {
        this.toRegex();
        const end = this.value.lastIndexOf('/');
        this.write(`regex ${JSON.stringify([this.value.slice(1, end), this.value.slice(end + 1)])};`);
        this.next();
        return;
      }
      default:
        throw this.unreadable();
    }
  }

  private named(): void {
    const { value, start } = this;
    if (value === 'function' || (value === 'async' && this.isAsyncFunction())) {
      this.function();
      return;
    }
    if (value === 'class') {
      this.class();
      return;
    }
    if (this.naming.has(start) && this.givenName()) return;
    this.next();
    if (CONSTANTS.has(value)) this.writeLiteral(CONSTANTS.get(value));
    else if (value === 'import' && this.pass('.')) {
      this.write(`import.${this.value};`);
      this.next();
    } else if (value === 'import') this.write('import;');
    else if (value === 'this' || (value === 'super' && !this.isSign('('))) {
      if (this.depth <= this.ownDepth) this.mention(value, start);
      else this.write(`${value};`);
    } else if (value === 'super') this.write('super;');
    else this.mention(value, start);
  }

  protected isAsyncFunction(): boolean {
    const { place } = this;
    this.next();
    const is = this.isName('function') && !this.newline;
    this.goTo(place);
    return is;
  }

  /** `__name(f, 'f')` is `f`. */
  private givenName(): boolean {
    const { mark } = this;
    do this.next();
    while (this.pass('.'));
    if (this.pass('(')) {
      this.assignment();
      if (this.pass(',')) {
        const before = this.mark;
        this.assignment();
        this.takeBack(before);
        if (this.pass(')')) {
          this.shape = 'name given';
          return true;
        }
      }
    }
    this.rewind(mark);
    return false;
  }

  private parenthesized(): void {
    this.next();
    if (this.pass(')')) return; // parameters of an arrow function
    if (this.kind === 'number' && this.value === '0' && this.isFreed()) return;
    this.expression();
    this.expect(')');
    if (this.shape === 'list or object') this.shape = undefined;
  }

  /** `(0, a.b)()` is how tools write that a function gets no `this`. */
  private isFreed(): boolean {
    const { mark } = this;
    this.next();
    if (this.pass(',')) {
      this.assignment();
      const { chain } = this;
      if (chain !== undefined && this.pass(')') && this.isSign('(')) {
        chain.bare = true;
        return true;
      }
    }
    this.rewind(mark);
    return false;
  }

  private list(): void {
    this.next();
    let count = 0;
    for (; !this.pass(']'); count++) {
      if (this.pass(',')) {
        this.write('hole;');
        continue;
      }
      const isSpread = this.pass('...');
      this.assignment();
      if (isSpread) this.write('spread;');
      this.pass(',');
    }
    this.write(`list ${count};`);
    this.shape = 'list or object';
  }

  private template(isTagged: boolean): void {
    const texts: unknown[] = [];
    for (;;) {
      const { value } = this;
      const isLast = value.endsWith('`');
      const raw = value.slice(1, isLast ? -1 : -2).replaceAll('\r\n', '\n');
      texts.push(isTagged ? [unescaped(raw), raw] : unescaped(raw));
      this.next();
      if (isLast) break;
      this.expression();
      this.toTemplate();
    }
    if (texts.length === 1 && !isTagged) this.writeLiteral(texts[0]);
    else this.write(`template ${JSON.stringify(texts)};`);
  }
}

function isThis(chain: Mention | undefined): chain is Mention {
  return chain?.name === 'this' && chain.members.length === 0;
}

function give(own: Mention, callee: Mention): void {
  callee.givenThis = true;
  own.handedTo = callee;
}

export function numberOf(text: string): number | bigint {
  const digits = text.replaceAll('_', '');
  if (digits.endsWith('n')) return BigInt(digits.slice(0, -1));
  return /^0[0-7]+$/.test(digits) ? parseInt(digits, 8) : Number(digits);
}
