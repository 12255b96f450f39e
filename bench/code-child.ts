/** Looks at the methods of a program in a process that has done nothing else yet, as it is where a result is first asked for. */
import { CodeReader } from '#lib/code/code-reader.js';
import { noteFile } from '#lib/code/sight/noted-files.js';
import { importMethods } from './code-modules.js';

/** Of the processor, which what else the machine does makes no longer. */
function seconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

const files = process.argv.slice(2);
const start = seconds();
const methods = await importMethods(files);
const imported = seconds();
for (const file of files) noteFile(file); // as the decorator does
const reader = new CodeReader();
reader.lookAhead(methods);
for (const [fn, home] of methods) reader.codeOf(fn, home);
const looked = seconds();
process.stdout.write(JSON.stringify({ importing: imported - start, looking: looked - imported }));
