/** What compressing costs, and saves: an image of counts, as a detector gives it, and a table of text. */
import { join } from 'node:path';
import { persist, type Persisted } from 'stowage/memo';
import type { BenchCase, Comparison } from './case.js';
import { benchFolder } from './folder.js';
import { timeTasks } from './measure.js';

const OPTIONS = { plain: false, 'level 1': 1, true: true, 'level 9': 9 } as const;

/** Rows of pixels around a level, with noise of some counts. */
function image(): Int32Array {
  let state = 1;
  return Int32Array.from({ length: 1_000_000 }, (_, pixel) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return 1000 + Math.floor(pixel / 1000) + (state >>> 28);
  });
}

function lines(): Map<number, string> {
  return new Map(
    Array.from({ length: 20_000 }, (_, row) => [row, `flight ${row % 377} from gate ${row % 29}, on time`]),
  );
}

async function compare(what: string, make: () => unknown): Promise<Comparison[]> {
  const folder = benchFolder();
  const value = make();
  const functions = Object.entries(OPTIONS).map(([contender, compress]): [string, Persisted<() => unknown>] => [
    contender,
    persist(() => value, { cache: join(folder, contender), name: 'f', onCodeChange: 'ignore', compress }),
  ]);
  const bytesOf = (fn: Persisted<() => unknown>): number => fn.cache.reduceSize({ items: 0 }).bytes;
  const sizes = functions.map(([, fn]) => {
    fn();
    return bytesOf(fn);
  });
  const noteOf = (place: number): string =>
    `${(100 * ((sizes[place] ?? 0) / (sizes[0] ?? 1))).toFixed(0)} % of the bytes`;
  const stored = await timeTasks(
    functions.map(([contender, fn], place) => ({
      contender,
      note: noteOf(place),
      before: () => {
        fn.clear();
      },
      work: () => void fn(),
    })),
    5,
  );
  const loaded = await timeTasks(
    functions.map(([contender, fn]) => ({ contender, work: () => void fn() })),
    5,
  );
  return [
    { title: `storing ${what}`, subject: 'plain', rows: stored },
    { title: `loading ${what}`, subject: 'plain', rows: loaded },
  ];
}

export const compress: BenchCase = {
  name: 'compress',
  title: 'storing and loading results that are compressed, beside plain ones',
  run: async () => [
    ...(await compare('4 MB of counts (.npz)', image)),
    ...(await compare('a Map of 20 000 lines (.zst, .br)', lines)),
  ],
};
