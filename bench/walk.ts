import { setTag, setTmpdir } from 'stowage';
import { walk } from '#lib/method/walk.js';
import { requireEqual, type BenchCase } from './case.js';
import { benchFolder } from './folder.js';
import { timeTasks } from './measure.js';

const side = 1000;

/** A root over a million plain objects, in 1000 arrays. */
function million(): { rows: { id: number; label: string; at: { x: number } | null }[][] } {
  const rows = Array.from({ length: side }, (_, row) =>
    Array.from({ length: side }, (_, column) => ({ id: row * side + column, label: 'a', at: null })),
  );
  return { rows };
}

export const walking: BenchCase = {
  name: 'walk',
  title: 'setTag on a root that reaches 1 000 000 objects',
  async run() {
    const root = million();
    let visited = 0;
    walk(root, () => {
      visited++;
      return 'enter';
    });
    // The root, its array, the arrays in that, and the objects.
    requireEqual('the walk', visited, 1 + 1 + side + side * side);
    const clone = structuredClone(root);
    requireEqual('structuredClone', clone.rows.flat().length, side * side);
    setTmpdir(root, benchFolder());
    let taggings = 0;
    const rows = await timeTasks(
      [
        {
          contender: 'stowage',
          work() {
            setTag(root, `walk${String(taggings++)}`);
          },
        },
        {
          contender: 'structuredClone',
          work() {
            structuredClone(root);
          },
        },
      ],
      7,
    );
    return [{ title: 'one million plain objects in a thousand arrays', subject: 'stowage', rows }];
  },
};
