/** What a sequence is made of. */
import fc from 'fast-check';
import { methods, type MethodOfNight } from './hierarchy.js';

export type Operation =
  | { kind: 'call'; method: MethodOfNight; n: number; fromDisk: boolean }
  | { kind: 'gain'; camera: number; gain: number }
  | { kind: 'file'; camera: number; text: string }
  | { kind: 'invalidate' | 'clear'; part: 'root' | 'telescope' | 'camera'; at: number }
  | { kind: 'replace'; camera: number }
  | { kind: 'tag'; tag: string }
  | { kind: 'forget' | 'revalidate' | 'accept' }
  | { kind: 'start'; isNewProcess: boolean };

/** How many cameras a hierarchy has. */
export const cameras = 2;

const camera = fc.nat({ max: cameras - 1 });

export const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('call' as const),
      method: fc.constantFrom(...methods),
      n: fc.nat({ max: 2 }),
      fromDisk: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('gain' as const), camera, gain: fc.constantFrom(-1, 1, 2) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('file' as const), camera, text: fc.constantFrom('bad', '3', '5') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('invalidate' as const, 'clear' as const),
      part: fc.constantFrom('root' as const, 'telescope' as const, 'camera' as const),
      at: camera,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('replace' as const), camera }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('tag' as const), tag: fc.constantFrom('night1', 'night2') }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('forget' as const, 'revalidate' as const, 'accept' as const) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('start' as const), isNewProcess: fc.boolean() }) },
);
