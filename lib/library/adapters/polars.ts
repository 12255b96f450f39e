/** Frames and series of nodejs-polars, as the Arrow file that it writes itself. They are proxies. */
import type { Adapter, LibraryClass, Unkeepable } from '../contract/adapter.js';
import { loadedModules } from '../copies/loaded.js';

interface Frame {
  writeIPC(options: { compression: 'uncompressed' }): Uint8Array;
  rechunk?(): Frame;
  getColumns(): Series[];
  width: number;
}
interface Series {
  readonly name: string;
  toFrame(): Frame;
}
interface Polars {
  readIPC(bytes: Uint8Array): Frame;
}

const NAME = 'nodejs-polars';

export const polars: Adapter = {
  package: NAME,
  classes: [],
  classOfProxy(value) {
    if (loadedModules(NAME).length === 0) return undefined;
    const { [Symbol.toStringTag]: tag, _s: series } = value as Record<PropertyKey, unknown>;
    if (tag === 'DataFrame') return tag;
    return isNative(series, 'JsSeries') ? 'Series' : undefined;
  },
  parts(value, found) {
    const bytes = bytesOf(value, found);
    return bytes instanceof Uint8Array ? { names: ['ipc'], values: [bytes] } : bytes;
  },
  make: (found, { values }) => read(found, values[0] as Uint8Array),
  table: {
    of(value, found) {
      const bytes = bytesOf(value, found);
      return bytes instanceof Uint8Array ? { bytes, rest: null } : undefined;
    },
    make: (found, { bytes }) => read(found, bytes),
  },
};

/** Behind each is an object of the native module. */
function isNative(inner: unknown, name: string): boolean {
  return typeof inner === 'object' && inner !== null && inner.constructor.name === name;
}

function bytesOf(value: object, { note }: LibraryClass): Uint8Array | Unkeepable {
  try {
    const frame = note.class === 'Series' ? (value as Series).toFrame() : (value as Frame);
    const bytes = (frame.rechunk?.() ?? frame).writeIPC({ compression: 'uncompressed' });
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch (error) {
    return {
      what: `a ${note.class} that nodejs-polars cannot write as an Arrow file (${String(error)})`,
      advice: 'leave out the columns that hold objects',
    };
  }
}

function read({ module, note }: LibraryClass, bytes: Uint8Array): object {
  const frame = (module as unknown as Polars).readIPC(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return note.class === 'Series' ? (frame.getColumns()[0] as Series) : frame;
}
