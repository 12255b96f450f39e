/** From a staged value to a stored one. */
import { perform, type Flow } from '../base/run/flow.js';
import { pause } from '../base/run/pause.js';
import type { StagedEntry } from './question.js';

/** How often one of several who store the same at the same moment tries again. */
const MOST_ATTEMPTS = 50;

/**
 * Stores a value, again where another who stores the same came between its files. Faults are thrown, with nothing left
 * behind.
 * @param stage puts the value beside its entry
 * @param mayCommit asked when everything is written; `false` for what is not to be stored after all
 */
export function* storeBy(
  stage: () => Flow<StagedEntry>,
  mayCommit: () => boolean = () => true,
): Flow<StagedEntry | undefined> {
  for (let attempt = 1; ; attempt++) {
    const staged = yield* stage();
    try {
      if (!mayCommit()) {
        staged.abandon();
        return undefined;
      }
      staged.commit();
    } catch (error) {
      staged.abandon();
      throw error;
    }
    if (staged.isWhole?.() !== false || attempt === MOST_ATTEMPTS) return staged;
    // Of several that try again at once, each waits for another time.
    yield* perform(pause((Math.random() * attempt) / 1000));
  }
}
