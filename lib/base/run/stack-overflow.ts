/** Is it V8's error at the end of the stack? A value computed from it depends on how deep the caller was. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message === 'Maximum call stack size exceeded';
}
