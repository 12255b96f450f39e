/** What the script of a function changes as the program runs. */
import { atEndOfTurn } from '../../base/run/at-end-of-turn.js';
import type { Location } from '../sight/look.js';
import { scriptText } from '../sight/scripts.js';
import type { Change } from '../text/chain.js';
import { ScriptChanges } from '../text/changes.js';

const scripts = new Map<string, ScriptChanges>();

/** Changes of a variable, as a function that begins at a place knows it. */
export function changesAt({ scriptId, lineNumber, columnNumber }: Location, variable: string): readonly Change[] {
  let changes = scripts.get(scriptId);
  if (changes === undefined) {
    atEndOfTurn(forget);
    scripts.set(scriptId, (changes = new ScriptChanges(scriptText(scriptId) ?? '')));
  }
  return changes.of(variable, lineNumber, columnNumber);
}

function forget(): void {
  scripts.clear();
}
