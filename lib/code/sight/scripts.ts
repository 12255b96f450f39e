/** What is loaded: where each script came from, and its text. */
import { atEndOfTurn } from '../../base/run/at-end-of-turn.js';
import { isOfNode } from './builtins.js';
import { type Place, fileOf, standsIn, textOfFile } from './files.js';
import { pathOf, scriptOwner } from './script-owner.js';
import { ask, listening } from './session.js';

const paths = new Map<string, string>();
/** Texts that no file has: made from another language, or from no file at all. */
const texts = new Map<string, string>();
/** Is a file of JavaScript what runs? Some loaders change that, too. */
let filesRun = true;
const JAVASCRIPT = /\.[cm]?js$/;

/** The path, or else the URL, of the script in which a function stands; empty where it has none. */
export function scriptPath(place: Place): string {
  const { scriptId } = place.location;
  let path = paths.get(scriptId) ?? fileOf(place) ?? (isOfNode(place.fn) ? 'node:' : undefined);
  if (path === undefined) {
    list();
    path = paths.get(scriptId) ?? '';
  }
  paths.set(scriptId, path);
  return path;
}

/** The text of the script in which a function stands; `undefined` where it cannot be had. */
export function scriptText(place: Place): string | undefined {
  const path = scriptPath(place);
  if (JAVASCRIPT.test(path)) {
    if (standsIn(path, place)) return textOfFile(path);
    filesRun = false;
  }
  const { scriptId } = place.location;
  if (!texts.has(scriptId)) list();
  return texts.get(scriptId);
}

/** A whole list, since asking for one takes as long. */
function list(): void {
  const wanted: string[] = [];
  const note = ({ scriptId, url }: { scriptId: string; url: string }): void => {
    // The URL of some is their text.
    const path = url.startsWith('data:') ? 'data:' : pathOf(url);
    paths.set(scriptId, path);
    if (!isPlain(path) && scriptOwner(path).kind === 'program') wanted.push(scriptId);
  };
  atEndOfTurn(forgetTexts);
  try {
    listening('Debugger.scriptParsed', note, () => {
      ask('Debugger.enable', { maxScriptsCacheSize: 0 });
      try {
        for (const scriptId of wanted) texts.set(scriptId, sourceOfScript(scriptId));
      } finally {
        ask('Debugger.disable', {});
      }
    });
  } catch {
    // Then scripts have no names.
  }
}

function sourceOfScript(scriptId: string): string {
  return ask<{ scriptSource: string }>('Debugger.getScriptSource', { scriptId }).scriptSource;
}

function forgetTexts(): void {
  texts.clear();
}

/** Does its file say what runs? Other languages are made into JavaScript when they are loaded. */
function isPlain(path: string): boolean {
  return filesRun && JAVASCRIPT.test(path);
}
