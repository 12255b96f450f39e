/** A cell of a notebook, in a process that is to our code as tslab's kernel is. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../temporary-folder.js';

/** What a cell left in the notebook. */
export interface ShownByCell {
  /** `html …` or `svg …`, as it was given to tslab's `display`. */
  displayed: string[];
  /** The HTML that went there beside each picture. */
  beside: string[];
  /** What was logged, a line for each value. */
  logged: string;
}

/**
 * Runs a cell in which `stowage` is the package and `show` logs a value, as tslab does with the last one of a cell.
 * @param cell JavaScript, which may `await`
 */
export function runCell(cell: string): ShownByCell {
  const folder = temporaryFolder();
  const tslab = join(folder, 'node_modules', 'tslab');
  for (const name of ['bin', 'dist']) mkdirSync(join(tslab, name), { recursive: true });
  const kernel = join(tslab, 'bin', 'tslab');
  const files = {
    [join(tslab, 'package.json')]: '{ "name": "tslab", "main": "index.js" }',
    [join(tslab, 'index.js')]: `
      const { displayed } = require('./dist/jupyter');
      exports.displayed = displayed;
      exports.display = { html: (text) => displayed.push('html ' + text) };`,
    [join(tslab, 'dist', 'jupyter.js')]: `
      exports.displayed = [];
      exports.beside = [];
      exports.lastWriteDisplayData = ({ data }) => {
        exports.displayed.push('svg ' + data['image/svg+xml']);
        exports.beside.push(data['text/html']);
      };`,
    [kernel]: `
      globalThis.__tslab__ = { require };
      process.env.STOWAGE_TMPDIR = ${JSON.stringify(folder)};
      const logged = [];
      const show = (value) => logged.push(require('node:util').format(value));
      (async () => {
        const stowage = await import(${JSON.stringify(import.meta.resolve('stowage'))});
        ${cell}
        process.stdout.write(JSON.stringify({ displayed: require('tslab').displayed, beside: require('tslab/dist/jupyter').beside, logged: logged.join('\\n') }));
      })();`,
  };
  for (const [file, text] of Object.entries(files)) writeFileSync(file, text);
  return JSON.parse(execFileSync(process.execPath, [kernel], { encoding: 'utf8' })) as ShownByCell;
}
