/**
 * XXH3 (64 bits), at the speed of memory. Two implementations give the same sums: the native module where it can be
 * loaded and there are many bytes, and WebAssembly, which needs nothing that an installation or a permission can refuse.
 */
import type * as Xxhash from '@node-rs/xxhash';
import { StowageError } from '../errors.js';
import { load } from './optional.js';
import { hasWebAssembly, WasmXxh3 } from './xxh3-wasm.js';

type Native = typeof Xxhash.xxh3.Xxh3;

/** The native module is loaded, and is at least twice as fast, for this many bytes. */
const MANY = 1 << 20;

/** `null` where it is not installed, or may not be loaded (`node --permission`): it is there for its speed alone. */
let native: Native | null | undefined;

function nativeXxh3(): Native | null {
  if (native === undefined) {
    try {
      native = load<typeof Xxhash>('@node-rs/xxhash').xxh3.Xxh3;
    } catch {
      native = null;
    }
  }
  return native;
}

function begin(bytes: number, seed: bigint): { update(bytes: Uint8Array): unknown; digest(): bigint } {
  const isNative = bytes >= MANY || !hasWebAssembly();
  const Native = isNative ? nativeXxh3() : null;
  if (Native !== null) return Native.withSeed(seed);
  if (hasWebAssembly()) return new WasmXxh3(seed);
  throw new StowageError(
    'STOWAGE_NO_CHECKSUM',
    'checksums need WebAssembly, which node --jitless takes away, or the optional package @node-rs/xxhash, which cannot be loaded here',
  );
}

/** One sum over bytes that come in pieces. */
export class Xxh3 {
  private readonly sum;

  /** @param bytes how many there will be, more or less */
  constructor(bytes = 0, seed = 0n) {
    this.sum = begin(bytes, seed);
  }

  update(bytes: Uint8Array): void {
    this.sum.update(bytes);
  }

  digest(): bigint {
    return this.sum.digest();
  }

  /** `'xxh3:0123456789abcdef'` */
  checksum(): string {
    return `xxh3:${this.digest().toString(16).padStart(16, '0')}`;
  }
}
