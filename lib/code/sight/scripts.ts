/** What is loaded: where each script came from, and its text. */
import { readFileSync } from 'node:fs';
import { scriptOwner } from './script-owner.js';
import { ask, listening } from './session.js';
import { atEndOfTurn } from '../../base/run/at-end-of-turn.js';

const urls = new Map<string, string>();
/** Texts that no file has: made from another language, or from no file at all. */
const texts = new Map<string, string>();
/** Is a file of JavaScript what runs? Some loaders change that, too. */
let filesRun = true;

/** The URL or path of a script; empty where it has none. */
export function scriptUrl(scriptId: string | undefined): string {
  if (scriptId === undefined) return '';
  if (!urls.has(scriptId)) list();
  const url = urls.get(scriptId) ?? '';
  urls.set(scriptId, url);
  return url;
}

/**
 * The text of a script of the program; `undefined` where it cannot be had.
 *
 * @param isIt - tells whether the text of a file is what runs
 */
export function scriptText(scriptId: string, isIt: (text: string) => boolean): string | undefined {
  const url = scriptUrl(scriptId);
  if (isPlain(url)) {
    const text = textOfFile(url);
    if (text !== undefined && isIt(text)) return text;
    filesRun = false;
  }
  if (!texts.has(scriptId)) list();
  return texts.get(scriptId);
}

/** A whole list, since asking for one takes as long. */
function list(): void {
  const wanted: string[] = [];
  const note = ({ scriptId, url }: { scriptId: string; url: string }): void => {
    // The URL of some is their text.
    urls.set(scriptId, url.startsWith('data:') ? 'data:' : url);
    if (!isPlain(url) && scriptOwner(url).kind === 'program') wanted.push(scriptId);
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
function isPlain(url: string): boolean {
  return filesRun && /\.[cm]?js$/.test(url);
}

function textOfFile(url: string): string | undefined {
  try {
    return readFileSync(url.startsWith('file:') ? new URL(url) : url, 'utf8');
  } catch {
    return undefined;
  }
}
