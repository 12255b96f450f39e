/** Reads the few Python literals that the header of an npy file is made of. Nothing is evaluated. */
import { FormatError } from '../../base/errors.js';

/** A Python value: str, int, bool, None, tuple or list. */
export type PythonLiteral = string | number | boolean | null | PythonSequence;

/** A Python tuple or list. */
export interface PythonSequence {
  readonly kind: 'tuple' | 'list';
  readonly items: readonly PythonLiteral[];
}

/** Deeper structured dtypes than this are not in use; it keeps hostile brackets off the stack. */
const MAX_DEPTH = 32;

/** One token after white space: text in either kind of quotes, an int (Python 2 wrote `3L`), a word, a sign. */
const TOKEN = new RegExp(
  [
    /'([^'\\\n]*(?:\\.[^'\\\n]*)*)'/,
    /"([^"\\\n]*(?:\\.[^"\\\n]*)*)"/,
    /(0|[1-9]\d*)L?/,
    /(True|False|None)/,
    /([{}()[\],:])/,
    /$/,
  ]
    .map(({ source }) => `[ \\t\\r\\n\\f]*${source}`)
    .join('|'),
  'y',
);

const WORDS: Readonly<Record<string, boolean | null>> = { True: true, False: false, None: null };

type Token = { readonly value: string | number | boolean | null } | { readonly sign: string };

/**
 * Reads a dict with text keys.
 * @param source the whole text: a dict, with white space around it
 * @throws FormatError where it is anything else, says a key twice, or holds an int beyond 2^53 − 1
 */
export function parsePythonDict(source: string): Map<string, PythonLiteral> {
  return new LiteralReader(source).dict();
}

class LiteralReader {
  private readonly source: string;
  private end = 0;
  private token: Token;

  constructor(source: string) {
    this.source = source;
    this.token = this.scan();
  }

  dict(): Map<string, PythonLiteral> {
    const entries = new Map<string, PythonLiteral>();
    this.expect('{');
    while (!this.take('}')) {
      const key = this.literal(0);
      if (typeof key !== 'string') throw this.fault('a key that is not text');
      if (entries.has(key)) throw this.fault(`the key '${key.slice(0, 40)}' twice`);
      this.expect(':');
      entries.set(key, this.literal(0));
      if (!this.take(',')) {
        this.expect('}');
        break;
      }
    }
    if (!this.at('')) throw this.fault('more after the dict');
    return entries;
  }

  private literal(depth: number): PythonLiteral {
    if (depth > MAX_DEPTH) throw this.fault('brackets nested too deep');
    if (this.take('(')) return this.sequence('tuple', ')', depth);
    if (this.take('[')) return this.sequence('list', ']', depth);
    const token = this.token;
    if ('sign' in token) throw this.fault(token.sign === '' ? 'nothing more' : `'${token.sign}'`);
    this.token = this.scan();
    return token.value;
  }

  private sequence(kind: PythonSequence['kind'], close: string, depth: number): PythonLiteral {
    const items: PythonLiteral[] = [];
    while (!this.take(close)) {
      const item = this.literal(depth + 1);
      items.push(item);
      if (this.take(',')) continue;
      this.expect(close);
      // To Python, (3) is the int and (3,) the tuple.
      return kind === 'tuple' && items.length === 1 ? item : { kind, items };
    }
    return { kind, items };
  }

  private at(sign: string): boolean {
    return 'sign' in this.token && this.token.sign === sign;
  }

  private take(sign: string): boolean {
    if (!this.at(sign)) return false;
    this.token = this.scan();
    return true;
  }

  private expect(sign: string): void {
    if (!this.take(sign)) throw this.fault(`no '${sign}'`);
  }

  /** The next token; the sign `''` is the end. */
  private scan(): Token {
    TOKEN.lastIndex = this.end;
    const match = TOKEN.exec(this.source);
    if (match === null) throw this.fault('what is no part of a header');
    this.end = TOKEN.lastIndex;
    const [, single, double, int, word, sign = ''] = match;
    // Escapes stay as written: no key and no dtype that is read here has any.
    const text = single ?? double;
    if (text !== undefined) return { value: text };
    if (word !== undefined) return { value: WORDS[word] ?? null };
    if (int === undefined) return { sign };
    if (!Number.isSafeInteger(Number(int))) throw this.fault('a number beyond 2^53 - 1');
    return { value: Number(int) };
  }

  private fault(what: string): FormatError {
    const near = JSON.stringify(this.source.slice(Math.max(0, this.end - 20), this.end + 20));
    return new FormatError(`an npy header holds ${what} at character ${String(this.end)}, near ${near}`);
  }
}
