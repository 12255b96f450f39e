/** What a call came to, and how it is stored. */
import type { Codec, Encoded } from '../../codec/shared/codec.js';
import type { Ingredient } from '../../trace/dependents.js';
import type { Use } from '../../trace/frame.js';

/** How a result is stored. */
export interface Stored {
  codec: Codec;
  encoded?: Encoded;
  digest: string;
  generation: number;
  /** Length of its encoding. */
  bytes: number;
  computedAt: number;
  encodedArguments: string | null | undefined;
  /** What it was made of. */
  madeOf: Ingredient[];
}

/** A result as those who use it know it. */
export interface ResultUse extends Use {
  generation: number;
}

/** What a call came to. */
export interface Outcome {
  value: unknown;
  /** The method returned a promise of it. */
  isAsync: boolean;
  /** How it is stored; absent where it could not be, and then nothing may be built on it. */
  stored?: Stored;
  /** Its record was committed by this call. */
  isOnDisk?: true;
  /** What stands for it in the traces of those who use it. */
  slot?: ResultUse;
}
