/** What the script of a function changes as the program runs. */
import { atEndOfTurn } from '../../base/run/at-end-of-turn.js';
import type { Place } from '../sight/files.js';
import { scriptText } from '../sight/scripts.js';
import { ScriptChanges } from '../text/changes.js';
import type { Change } from '../text/use.js';

const scripts = new Map<string, ScriptChanges>();

/** Changes of a variable, as a function that begins at a place knows it. */
export function changesAt(place: Place, variable: string): readonly Change[] {
  const { scriptId, lineNumber, columnNumber } = place.location;
  let changes = scripts.get(scriptId);
  if (changes === undefined) {
    atEndOfTurn(forget);
    scripts.set(scriptId, (changes = new ScriptChanges(scriptText(place) ?? '')));
  }
  return changes.of(variable, lineNumber, columnNumber);
}

function forget(): void {
  scripts.clear();
}
