/** What the source text of a class says about the state of its instances. */
import { significantTokens } from '../names/significant-tokens.js';

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
const OPENING = new Set(['{', '(', '[']);
const CLOSING = new Set(['}', ')', ']']);

/**
 * The first `#private` instance member that a class declares itself, if any. Static ones belong to the class, which is
 * there when an instance is revived, so they do not count; nor do those of a class nested in a method.
 * A text that cannot be followed to its end counts as private where it has a `#name` at all.
 */
export function privateMember(Class: object): string | undefined {
  const source = sourceOf(Class);
  const lowered = LOWERED_PRIVATE.exec(source);
  if (lowered !== null) return lowered[0];
  if (!/#[\p{ID_Start}$_]/u.test(source) || !source.startsWith('class')) return undefined;
  return declaredIn(source);
}

function declaredIn(source: string): string | undefined {
  /** Open brackets; `$` is the `${` of a template. */
  const open: string[] = [];
  let previous = '';
  /** The words just before, with nothing between them: modifiers such as `static`, `get`, `async`. */
  let words: string[] = [];
  let bodies = 0;
  for (const { type, value } of significantTokens(source)) {
    if (type === 'PrivateIdentifier') {
      // After an operator it is `#x in object`, after a dot an access; a line without semicolon may end before it.
      const declares = open.length === 1 && open[0] === '{' && !/[.=(,?:&|!<>~^%+-]$/.test(previous);
      const isStatic = words.at(MODIFIERS.has(words.at(-1) ?? '') ? -2 : -1) === 'static';
      if (declares && !isStatic) return value;
      words = [];
    } else if (type === 'IdentifierName') {
      words.push(value);
    } else if (type === 'Punctuator') {
      if (value !== '*') words = [];
      if (value === '{' && open.length === 0) bodies++;
      if (OPENING.has(value)) open.push(value);
      else if (CLOSING.has(value)) open.pop();
    } else if (type === 'TemplateHead') {
      open.push('$');
    } else if (type === 'TemplateTail') {
      open.pop();
    }
    previous = type === 'Punctuator' ? value : '';
  }
  const isFollowed = open.length === 0 && bodies === 1;
  return isFollowed ? undefined : /#[\p{ID_Start}$_][\p{ID_Continue}$]*/u.exec(source)?.[0];
}
