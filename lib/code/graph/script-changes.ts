/** What the script of a function changes as the program runs. */
import { atEndOfTurn } from '../../base/run/at-end-of-turn.js';
import type { Place } from '../sight/files.js';
import { scriptText } from '../sight/scripts.js';
import { ScriptChanges } from '../text/changes.js';
import { nodeImports } from '../text/node-imports.js';
import { declaresOnce } from '../text/declaration.js';
import type { Change } from '../text/use.js';

const scripts = new Map<string, ScriptChanges>();
/** By the texts of scripts. */
const imports = new Map<string, Map<string, string>>();

/** Changes of a variable, as a function that begins at a place knows it. */
export function changesAt(place: Place, variable: string): readonly Change[] {
  const { lineNumber, columnNumber } = place.location;
  return scriptAt(place).of(variable, lineNumber, columnNumber);
}

/** Is a variable of the module, and nothing else of its name, the function of this text, which stands at the module's top? */
export function isDeclaredAt(place: Place, variable: string, source: string): boolean {
  return declaresOnce(scriptAt(place).text, variable, source);
}

/** What Node calls what is in a variable of the script that was imported from one of its modules; `''` for all of that. */
export function nodeImportAt(place: Place, variable: string): string | undefined {
  const { text } = scriptAt(place);
  let names = imports.get(text);
  if (names === undefined) imports.set(text, (names = nodeImports(text)));
  return names.get(variable);
}

function scriptAt(place: Place): ScriptChanges {
  const { scriptId } = place.location;
  let script = scripts.get(scriptId);
  if (script === undefined) {
    atEndOfTurn(forget);
    scripts.set(scriptId, (script = new ScriptChanges(scriptText(place) ?? '')));
  }
  return script;
}

function forget(): void {
  scripts.clear();
  imports.clear();
}
