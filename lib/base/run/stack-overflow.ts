/** Is it what V8 throws where the stack has ended? What is made of it depends on how deep the caller was. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message === 'Maximum call stack size exceeded';
}
