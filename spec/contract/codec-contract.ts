/** What every codec must do; run on the built-in ones and on a user's. */
import { expect } from 'chai';
import { FormatError, UncacheableValueError } from '#lib/base/errors.js';
import type { Codec, Encoded } from '#lib/codec/shared/codec.js';
import { difference } from '../support/values/same-value.js';

/** Values by name; made anew for each test, since some are altered there. */
export type Cases = Readonly<Record<string, () => unknown>>;

/** Options of {@link describeCodec}. */
export interface CodecSuiteOptions {
  /** Says where two values differ. @defaultValue `difference` of spec/support/values/same-value.ts */
  differ?: (actual: unknown, expected: unknown) => string | undefined;
}

/** The bytes of the whole file, in memory of their own. */
export function fileOf({ chunks }: Encoded): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(chunks.reduce((total, chunk) => total + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    file.set(chunk, at);
    at += chunk.length;
  }
  return file;
}

/** Reads a file as a store does: first the head, more of it where the codec asks, then the body on its own. */
export function readFile(codec: Codec, file: Uint8Array<ArrayBuffer>, { chunks: _, ...notes }: Encoded): unknown {
  const body = bodyStart(codec, file);
  return codec.decode(file.slice(body), notes, file.slice(0, body));
}

/** Encodes and reads back. */
export function roundTrip(codec: Codec, value: unknown): unknown {
  const encoded = codec.encode(value);
  return readFile(codec, fileOf(encoded), encoded);
}

function bodyStart(codec: Codec, file: Uint8Array): number {
  if (codec.bodyOffset === undefined) return 0;
  for (let seen = 16; ; seen *= 2) {
    const offset = codec.bodyOffset(file.slice(0, seen), file.length);
    if (offset !== undefined) return offset;
    if (seen >= file.length) throw new FormatError('the codec wants to see more than the whole file');
  }
}

/** Lengths to cut a file to: all of them for a short file, the ends and some between for a long one. */
function cuts(length: number): number[] {
  const all = Array.from({ length }, (_, cut) => cut);
  return length <= 512 ? all : all.filter((cut) => cut < 64 || cut >= length - 64 || cut % 97 === 0);
}

/**
 * The contract.
 * @param values must come back to the bit and the type
 * @param refused must not be accepted, or be refused by `encode` with a path
 */
export function describeCodec(codec: Codec, values: Cases, refused: Cases, options: CodecSuiteOptions = {}): void {
  const differ = options.differ ?? difference;
  const same = (actual: unknown, expected: unknown): void => {
    const found = differ(actual, expected);
    if (found !== undefined) throw new Error(`not the same: ${found}`);
  };

  describe(`contract of the codec ${codec.name}`, () => {
    it('takes its sample and brings it back', () => {
      const { sample } = codec;
      expect(codec.accepts(sample)).to.equal(true);
      same(roundTrip(codec, sample), sample);
    });

    for (const [name, make] of Object.entries(values)) {
      describe(name, () => {
        it('comes back to the bit and the type, and again from what came back', () => {
          const value = make();
          expect(codec.accepts(value)).to.equal(true);
          const encoded = codec.encode(value);
          const file = fileOf(encoded);
          const first = readFile(codec, file, encoded);
          same(first, value);
          same(readFile(codec, file, encoded), value);
          same(roundTrip(codec, first), value);
        });

        it('is not altered by being encoded', () => {
          const value = make();
          codec.encode(value);
          same(value, make());
        });

        it('shares no memory between one reading and the next', () => {
          const encoded = codec.encode(make());
          const file = fileOf(encoded);
          const first = new Set(buffersIn(readFile(codec, file, encoded)));
          for (const buffer of buffersIn(readFile(codec, file, encoded))) expect(first.has(buffer)).to.equal(false);
        });

        if (codec.extension !== undefined) {
          it('is never read from a file that is cut short', () => {
            const encoded = codec.encode(make());
            const file = fileOf(encoded);
            for (const cut of cuts(file.length)) {
              const read = (): unknown => readFile(codec, file.slice(0, cut), encoded);
              expect(read, `${cut} of ${file.length} bytes`).to.throw(FormatError);
            }
          });
        }
      });
    }

    for (const [name, make] of Object.entries(refused)) {
      it(`does not take ${name}`, () => {
        const value = make();
        if (!codec.accepts(value)) return;
        expect(() => codec.encode(value))
          .to.throw(UncacheableValueError)
          .with.property('path')
          .that.matches(/^result/);
      });
    }

    it('answers about anything without throwing, and runs no trap of a proxy', () => {
      const hostile = new Proxy(
        {},
        { get: fail, has: fail, getPrototypeOf: fail, ownKeys: fail, getOwnPropertyDescriptor: fail },
      );
      for (const value of [undefined, null, 0, '', Symbol('s'), () => 0, hostile, Object.create(null), [], {}]) {
        expect(codec.accepts(value)).to.be.a('boolean');
      }
    });
  });
}

function fail(): never {
  throw new Error('a trap of a proxy ran');
}

/** Array buffers that can be reached through plain properties. */
function buffersIn(root: unknown): ArrayBufferLike[] {
  const seen = new Set<object>();
  const pending: unknown[] = [root];
  const buffers: ArrayBufferLike[] = [];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (ArrayBuffer.isView(value)) buffers.push(value.buffer);
    else if (value instanceof ArrayBuffer) buffers.push(value);
    else if (value instanceof Map || value instanceof Set) pending.push(...value.keys(), ...value.values());
    else for (const key of Object.keys(value)) pending.push((value as Record<string, unknown>)[key]);
  }
  return buffers;
}
