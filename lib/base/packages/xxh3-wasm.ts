/** XXH3 in WebAssembly: where no native module can be loaded, and for few bytes, where it is the faster one. */
import { XXH3_BINARY } from './xxh3-binary.js';

/** As much of the engine's `WebAssembly` as is used; `--jitless` takes it away. */
interface Engine {
  Module: new (binary: Uint8Array) => object;
  Instance: new (module: object) => { exports: unknown };
}

/** What the binary offers. Its memory begins with the state of one stream; the bytes to be added are put further on. */
interface Exports {
  memory: { buffer: ArrayBuffer };
  reset(seed: bigint): void;
  update(length: number): void;
  digest(): bigint;
}

const STATE_BYTES = 544;
const INPUT_START = 4096;
/** Both the copy and what it was copied from are then in the processor's cache. */
const BLOCK = 1 << 16;

interface Machine {
  exports: Exports;
  memory: Uint8Array;
}

let machine: Machine | undefined;

function start(): Machine {
  if (machine === undefined) {
    const { WebAssembly } = globalThis as unknown as { WebAssembly: Engine };
    // Compiled at once: it is small, and sums are asked for by what cannot wait.
    const module = new WebAssembly.Module(Buffer.from(XXH3_BINARY, 'base64'));
    const exports = new WebAssembly.Instance(module).exports as Exports;
    machine = { exports, memory: new Uint8Array(exports.memory.buffer) };
  }
  return machine;
}

/** One sum over bytes that come in pieces. */
export class WasmXxh3 {
  private readonly state: Uint8Array;

  constructor(seed: bigint) {
    const { exports, memory } = start();
    exports.reset(seed);
    this.state = memory.slice(0, STATE_BYTES);
  }

  update(bytes: Uint8Array): void {
    const { exports, memory } = start();
    memory.set(this.state);
    for (let at = 0; at < bytes.length; at += BLOCK) {
      const piece = bytes.length > BLOCK ? bytes.subarray(at, at + BLOCK) : bytes;
      memory.set(piece, INPUT_START);
      exports.update(piece.length);
    }
    this.state.set(memory.subarray(0, STATE_BYTES));
  }

  digest(): bigint {
    const { exports, memory } = start();
    memory.set(this.state);
    return BigInt.asUintN(64, exports.digest());
  }
}

/** Can it run here? */
export function hasWebAssembly(): boolean {
  return 'WebAssembly' in globalThis;
}
