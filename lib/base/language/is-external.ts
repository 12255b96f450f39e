/** Is it a native handle? Deno, which has none, cannot be asked. */
import { types } from 'node:util';

export const isExternal: (value: unknown) => boolean =
  (types as Partial<typeof types>).isExternal ?? ((): boolean => false);
