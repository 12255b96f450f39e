/**
 * The words and signs of a program, one at a time. It runs before the engine has warmed up to it, so that most of the work
 * is left to regular expressions. The text has been compiled already: nothing is checked.
 */

export type TokenKind = 'name' | 'sign' | 'number' | 'string' | 'private' | 'template' | 'regex' | 'end';

/** Thrown where a text cannot be followed: a syntax that is younger than this. */
export class Unreadable extends Error {}

/** Where a scanner stands. */
export interface Place {
  readonly kind: TokenKind;
  readonly value: string;
  readonly start: number;
  readonly end: number;
  readonly newline: boolean;
  readonly last: number;
}

const SPACE = /(?:\s+|\/\/[^\n\r\u2028\u2029]*|\/\*[^]*?\*\/)*/y;
const NEWLINE = /[\n\r\u2028\u2029]/;
/** Whatever is neither of ASCII nor a space may be part of a name. */
const NAME =
  /(?:[\w$\xa1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\u205e\u2060-\u2fff\u3001-\ufefe\uff00-\uffff]+|\\u(?:[\da-fA-F]{4}|\{[\da-fA-F]+\}))+/y;
const NUMBER =
  /0[xX][\da-fA-F_]+n?|0[oO][0-7_]+n?|0[bB][01_]+n?|(?:\d[\d_]*n|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?[\d_]+)?)/y;
const SIGN =
  />>>=|\.\.\.|===|!==|\*\*=|<<=|>>=|>>>|&&=|\|\|=|\?\?=|=>|==|!=|<=|>=|&&|\|\||\?\?|\?\.(?!\d)|\+\+|--|\+=|-=|\*=|\/=|%=|&=|\|=|\^=|<<|>>|\*\*|[^]/y;
const TEMPLATE = /(?:[^`\\$]|\\[^]|\$(?!\{))*(`|\$\{)/y;
const REGEX = /\/(?:[^/\\[\n\r]|\\.|\[(?:[^\]\\\n\r]|\\.)*\])+\/[\w$]*/y;
/** What begins with a character. */
const BEGINNINGS: readonly (readonly [kind: string, characters: RegExp])[] = [
  ['space', /[\0-\x20]/],
  ['number', /\d/],
  ['name', /[\w$\\]/],
  ['string', /["']/],
  ['template', /`/],
  ['private', /#/],
  ['dot', /\./],
  ['slash', /\//],
  // Signs that begin no longer one.
  ['alone', /[(){}[\];,:~@]/],
  ['sign', /[^]/],
];
const BEGINS = Array.from({ length: 127 }, (_, code) => {
  const character = String.fromCharCode(code);
  return BEGINNINGS.find(([, characters]) => characters.test(character))?.[0];
});
const SPACE_CODE = 0x20;
const BACKSLASH = 0x5c;

export class Scanner {
  kind: TokenKind = 'end';
  /** The text of a name or sign; of a string its value. */
  value = '';
  start = 0;
  end = 0;
  /** Does it begin a line? */
  newline = false;
  /** Where the token before ended. */
  last = 0;

  constructor(readonly source: string) {}

  get place(): Place {
    const { kind, value, start, end, newline, last } = this;
    return { kind, value, start, end, newline, last };
  }

  goTo({ kind, value, start, end, newline, last }: Place): void {
    this.kind = kind;
    this.value = value;
    this.start = start;
    this.end = end;
    this.newline = newline;
    this.last = last;
  }

  next(): void {
    const { source } = this;
    let at = (this.last = this.end);
    this.newline = false;
    if (source.charCodeAt(at) === SPACE_CODE) at++;
    let begin = at < source.length ? (BEGINS[source.charCodeAt(at)] ?? 'space') : 'end';
    if (begin === 'space' || begin === 'slash') {
      SPACE.lastIndex = at;
      SPACE.test(source);
      if (SPACE.lastIndex > at) this.newline = NEWLINE.test(source.slice(at, SPACE.lastIndex));
      at = SPACE.lastIndex;
      begin = at < source.length ? (BEGINS[source.charCodeAt(at)] ?? 'name') : 'end';
    }
    this.start = at;
    switch (begin) {
      case 'end':
        this.take('end', at);
        break;
      case 'name':
        this.takeName('name', at);
        break;
      case 'alone':
        this.take('sign', at + 1);
        break;
      case 'number':
        this.take('number', this.match(NUMBER));
        break;
      case 'string':
        this.takeString(source.charAt(at));
        break;
      case 'template':
        this.takeTemplate(at);
        break;
      case 'private':
        this.takeName('private', at + 1);
        break;
      case 'dot':
        if (BEGINS[source.charCodeAt(at + 1)] === 'number') this.take('number', this.match(NUMBER));
        else this.take('sign', this.match(SIGN));
        break;
      default:
        this.take('sign', this.match(SIGN));
    }
  }

  /** What looked like a division begins a regular expression. */
  toRegex(): void {
    this.take('regex', this.match(REGEX));
  }

  /** The brace ends what stands in a template: it goes on. */
  toTemplate(): void {
    this.takeTemplate(this.start);
  }

  is(kind: TokenKind): boolean {
    return this.kind === kind;
  }

  isSign(value: string): boolean {
    return this.kind === 'sign' && this.value === value;
  }

  isName(value: string): boolean {
    return this.kind === 'name' && this.value === value;
  }

  /** Passes a sign, if it is there. */
  pass(value: string): boolean {
    const is = this.kind === 'sign' && this.value === value;
    if (is) this.next();
    return is;
  }

  passName(value: string): boolean {
    const is = this.kind === 'name' && this.value === value;
    if (is) this.next();
    return is;
  }

  expect(value: string): void {
    if (this.value !== value || (this.kind !== 'sign' && this.kind !== 'name')) throw this.unreadable();
    this.next();
  }

  unreadable(): Unreadable {
    return new Unreadable(`${this.value} at ${this.start} of ${this.source}`);
  }

  private take(kind: TokenKind, end: number): void {
    this.kind = kind;
    this.end = end;
    this.value = this.source.slice(this.start, end);
  }

  private match(pattern: RegExp): number {
    pattern.lastIndex = this.start;
    if (!pattern.test(this.source)) throw this.unreadable();
    return pattern.lastIndex;
  }

  private takeName(kind: 'name' | 'private', from: number): void {
    NAME.lastIndex = from;
    if (!NAME.test(this.source)) throw this.unreadable();
    this.take(kind, NAME.lastIndex);
    if (this.value.includes('\\')) this.value = unescaped(this.value);
  }

  private takeString(quote: string): void {
    const { source, start } = this;
    let end = start;
    do {
      end = source.indexOf(quote, end + 1);
      if (end < 0) throw this.unreadable();
    } while (isEscaped(source, end));
    this.take('string', end + 1);
    this.value = unescaped(source.slice(start + 1, end));
  }

  /** As far as the next `${`, or to its end. */
  private takeTemplate(from: number): void {
    TEMPLATE.lastIndex = from + 1;
    if (!TEMPLATE.test(this.source)) throw this.unreadable();
    this.take('template', TEMPLATE.lastIndex);
  }
}

/** Do an odd number of backslashes stand before a place? */
function isEscaped(source: string, at: number): boolean {
  let from = at;
  while (source.charCodeAt(from - 1) === BACKSLASH) from--;
  return (at - from) % 2 === 1;
}

const ESCAPE = /\\(?:u\{([\da-fA-F]+)\}|u([\da-fA-F]{4})|x([\da-fA-F]{2})|([0-3]?[0-7]{1,2})|(\r\n|[^]))/g;
const CONTROLS: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v' };
const CONTINUES = /^[\r\n\u2028\u2029]/;

/** What a text with escapes means. */
export function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(ESCAPE, (_, ...[point, unit, byte, octal, other = '']: (string | undefined)[]) => {
    const hex = point ?? unit ?? byte;
    if (hex !== undefined) return String.fromCodePoint(parseInt(hex, 16));
    if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8));
    return CONTINUES.test(other) ? '' : (CONTROLS[other] ?? other);
  });
}
