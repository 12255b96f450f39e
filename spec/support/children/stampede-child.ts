/** A process that has a result computed early in the background, and then has nothing more to do. */
import { writeSync } from 'node:fs';
import { Cache } from 'stowage/kv';
import { memoizeStampede } from 'stowage/recipe';

const [directory = '', ending] = process.argv.slice(2);
let calls = 0;
const answer = memoizeStampede(new Cache(directory), 60, { name: 'answer', beta: 1e9 })(() => {
  writeSync(1, `computes ${++calls}\n`);
  return 42;
});
answer();
answer();
writeSync(1, 'returned\n');
// Without anything that keeps it alive, the process may end before the background has its turn.
if (ending === 'later')
  setTimeout(() => {
    writeSync(1, 'ends\n');
  }, 200);
