const ENDINGS: readonly string[] = ['Maximum call stack size exceeded', 'Stack overflow'];

/** Is it V8's error at the end of the stack? A value computed from it depends on how deep the caller was. Of a
 * regular expression that is compiled there V8 says that it is invalid. */
export function isStackOverflow(error: unknown): boolean {
  if (error instanceof RangeError) return error.message === ENDINGS[0];
  return error instanceof SyntaxError && ENDINGS.some((ending) => error.message.endsWith(`: ${ending}`));
}
