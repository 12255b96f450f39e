/** What the source text of a class says about the state of its instances. */

/** The text a function was written as; a native one shows `[native code]`. A `toString` of the class is not asked. */
export function sourceOf(fn: object): string {
  return Function.prototype.toString.call(fn);
}

/** Is it implemented by the engine, or bound? */
export function isNative(fn: object): boolean {
  let native = natives.get(fn);
  if (native === undefined) {
    native = /\{\s*\[native code\]\s*\}\s*$/.test(sourceOf(fn).slice(-40));
    natives.set(fn, native);
  }
  return native;
}
/** Asked for each instance that is keyed, and a class may be long. */
const natives = new WeakMap<object, boolean>();

/** Names in which compilers hide `#private` members for engines without them. */
const LOWERED_PRIVATE = /\b(?:__classPrivateField(?:Get|Set|In)|_classPrivate\w+)\b/;

const MODIFIERS = new Set(['async', 'get', 'set', 'accessor']);
const IDENTIFIER = /[\p{ID_Continue}$\u200c\u200d]/u;
/** After one of these words a slash begins a regular expression. */
const BEFORE_REGEXP = new Set([
  'return',
  'typeof',
  'case',
  'in',
  'of',
  'do',
  'else',
  'void',
  'delete',
  'instanceof',
  'new',
  'throw',
  'yield',
  'await',
]);

/**
 * The first `#private` instance member that a class declares itself, if any. Static ones belong to the class, which is
 * there when an instance is revived, so they do not count; nor do those of a class nested in a method.
 * Strings, templates, comments and regular expressions are skipped; a text that cannot be followed to its end counts
 * as private where it has a `#name` at all.
 */
export function privateMember(Class: object): string | undefined {
  const source = sourceOf(Class);
  const lowered = LOWERED_PRIVATE.exec(source);
  if (lowered !== null) return lowered[0];
  if (!/#[\p{ID_Start}$_]/u.test(source) || !source.startsWith('class')) return undefined;
  const scan = new ClassScan(source);
  const found = scan.run();
  return found ?? (scan.balanced ? undefined : /#[\p{ID_Start}$_][\p{ID_Continue}$]*/u.exec(source)?.[0]);
}

/** A lexer that knows just enough of JavaScript to tell a member of the class body from everything else. */
class ClassScan {
  balanced = false;
  private at = 0;
  /** Open brackets; `$` is the `${` of a template. */
  private readonly open: string[] = [];
  private previous = '';
  /** The words just before, with nothing between them: modifiers such as `static`, `get`, `async`. */
  private words: string[] = [];
  private bodies = 0;

  constructor(private readonly text: string) {}

  run(): string | undefined {
    while (this.at < this.text.length) {
      const found = this.token();
      if (found !== undefined) return found;
    }
    this.balanced = this.open.length === 0 && this.bodies === 1;
    return undefined;
  }

  private token(): string | undefined {
    const { text } = this;
    const char = text.charAt(this.at);
    if (/\s/.test(char)) this.at++;
    else if (text.startsWith('//', this.at)) this.skipTo('\n');
    else if (text.startsWith('/*', this.at)) this.skipTo('*/');
    else if (char === '"' || char === "'") this.string(char);
    else if (char === '`') this.template();
    else if (char === '/' && this.regexpMayStart()) this.regexp();
    else if (char === '#') return this.privateName();
    else if (IDENTIFIER.test(char)) this.word();
    else this.punctuator(char);
    return undefined;
  }

  private skipTo(end: string): void {
    const found = this.text.indexOf(end, this.at + 2);
    this.at = found < 0 ? this.text.length : found + end.length;
  }

  private string(quote: string): void {
    for (this.at++; this.at < this.text.length; this.at++) {
      if (this.text[this.at] === '\\') this.at++;
      else if (this.text[this.at] === quote) break;
    }
    this.at++;
    this.previous = quote;
  }

  /** From a backtick, or from the brace that ends `${…}`, to the next `${` or the closing backtick. */
  private template(): void {
    for (this.at++; this.at < this.text.length; this.at++) {
      if (this.text[this.at] === '\\') this.at++;
      else if (this.text[this.at] === '`') break;
      else if (this.text.startsWith('${', this.at)) {
        this.open.push('$');
        this.at += 2;
        this.previous = '(';
        return;
      }
    }
    this.at++;
    this.previous = '`';
  }

  private regexpMayStart(): boolean {
    return this.previous === '' || BEFORE_REGEXP.has(this.previous) || /^[(,=:[!&|?{};+\-*%~^<>]$/.test(this.previous);
  }

  private regexp(): void {
    let inClass = false;
    for (this.at++; this.at < this.text.length; this.at++) {
      const char = this.text[this.at];
      if (char === '\\') this.at++;
      else if (char === '[') inClass = true;
      else if (char === ']') inClass = false;
      else if (char === '/' && !inClass) break;
    }
    this.at++;
    this.previous = 'regexp';
  }

  private privateName(): string | undefined {
    let end = this.at + 1;
    while (end < this.text.length && IDENTIFIER.test(this.text.charAt(end))) end++;
    const name = this.text.slice(this.at, end);
    // After an operator it is `#x in object`, after a dot an access; a line without semicolon may end before it.
    const declares = this.open.length === 1 && this.open[0] === '{' && !/^[.=(,?:&|!<>~^%+-]$/.test(this.previous);
    const isStatic = this.words.at(MODIFIERS.has(this.words.at(-1) ?? '') ? -2 : -1) === 'static';
    this.at = end;
    this.previous = name;
    this.words = [];
    return declares && !isStatic ? name : undefined;
  }

  private word(): void {
    const start = this.at;
    while (this.at < this.text.length && IDENTIFIER.test(this.text.charAt(this.at))) this.at++;
    this.previous = this.text.slice(start, this.at);
    this.words.push(this.previous);
  }

  private punctuator(char: string): void {
    this.at++;
    this.previous = char;
    if (char !== '*') this.words = [];
    if (char === '{' || char === '(' || char === '[') {
      if (char === '{' && this.open.length === 0) this.bodies++;
      this.open.push(char);
    } else if (char === '}' || char === ')' || char === ']') {
      const opened = this.open.pop();
      if (opened === '$') {
        this.at--;
        this.template();
      }
    }
  }
}
