/** What the script of a function changes as the program runs. */
import { atEndOfTurn } from '../../base/run/at-end-of-turn.js';
import { sourceOf } from '../../key/classes/class-source.js';
import type { Location } from '../sight/look.js';
import { scriptText } from '../sight/scripts.js';
import { ScriptChanges, offsetOf } from '../text/changes.js';
import type { Change } from '../text/use.js';

const scripts = new Map<string, ScriptChanges>();

/** Changes of a variable, as a function that begins at a place knows it. */
export function changesAt(fn: object, location: Location, variable: string): readonly Change[] {
  const { scriptId, lineNumber, columnNumber } = location;
  const isIt = (text: string): boolean => {
    const at = offsetOf(text, lineNumber, columnNumber);
    const source = sourceOf(fn);
    // It begins before its place: with its name, or with `async`.
    const start = text.lastIndexOf(source, at);
    return start >= 0 && start + source.length > at;
  };
  let changes = scripts.get(scriptId);
  if (changes === undefined) {
    atEndOfTurn(forget);
    scripts.set(scriptId, (changes = new ScriptChanges(scriptText(scriptId, isIt) ?? '')));
  }
  return changes.of(variable, lineNumber, columnNumber);
}

function forget(): void {
  scripts.clear();
}
