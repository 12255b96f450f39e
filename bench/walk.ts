import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { cacheOnDisk, getDiskCacher, setTag, setTmpdir } from 'stowage';
import { requireEqual, type BenchCase, type Comparison } from './case.js';
import { benchFolder } from './folder.js';
import { timeTasks } from './measure.js';

const side = 1000;

/** A thousand arrays of a thousand records. */
const records = (): object => ({
  rows: Array.from({ length: side }, (_, row) =>
    Array.from({ length: side }, (_, column) => ({ id: row * side + column, label: 'a', at: null })),
  ),
});

/** A thousand arrays of five hundred records that hold another object each. */
const nested = (): object => ({
  rows: Array.from({ length: side }, (_, row) =>
    Array.from({ length: side / 2 }, (_, column) => ({ id: row * side + column, at: { x: column, y: row } })),
  ),
});

/** Its paths depend on the walk having gone all the way. */
class Analyzer {
  constructor(readonly id: number) {}

  @cacheOnDisk
  mean(): number {
    return this.id;
  }
}

export const walking: BenchCase = {
  name: 'walk',
  title: 'setTag on a root that reaches 1 000 000 objects',
  async run() {
    return [
      await compare('a million plain objects in a thousand arrays', records()),
      await compare('half a million objects that hold one more each, in a thousand arrays', nested()),
    ];
  },
};

async function compare(title: string, graph: object): Promise<Comparison> {
  const root = { graph, deep: { last: [{ analyzer: new Analyzer(1) }] } };
  setTmpdir(root, benchFolder());
  setTag(root, 'walk');
  const path = basename(getDiskCacher(root.deep.last[0]?.analyzer ?? root, 'mean').fullpath());
  requireEqual('the walk', path, 'root.deep.last[0].analyzer.Analyzer.mean');
  requireEqual('structuredClone', isDeepStrictEqual(structuredClone(graph), graph), true);
  let taggings = 0;
  const rows = await timeTasks(
    [
      {
        contender: 'stowage',
        work: () => {
          setTag(root, `walk${String(taggings++)}`);
        },
      },
      {
        contender: 'structuredClone',
        work: () => {
          structuredClone(graph);
        },
      },
    ],
    7,
  );
  return { title, subject: 'stowage', rows };
}
