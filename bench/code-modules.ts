/** The program of the case `code`: 200 methods over 50 modules, each with a helper and constants; no text is there twice. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const MODULES = 50;
const METHODS_OF_EACH = 4;

/** Methods, each with what its `this` gets its methods from. */
export type Methods = [fn: object, home: object][];

/** Writes modules into a folder, other ones for each number, and gives the files. */
export function writeModules(folder: string, number = 0): string[] {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  return Array.from({ length: MODULES }, (_, module) => {
    const at = number * MODULES + module;
    const file = join(folder, `analyzer-${module}.js`);
    writeFileSync(file, moduleText(at));
    return file;
  });
}

function moduleText(at: number): string {
  const numbers = Array.from({ length: METHODS_OF_EACH }, (_, i) => at * METHODS_OF_EACH + i);
  const helpers = numbers.map(
    (n) => `function help${n}(x) { let sum = ${n}; for (const v of [x, K, GAIN]) sum += v; return sum }`,
  );
  const methods = numbers.map((n) => `m${n}(x = ${n}) { return help${n}(x) * GAIN + Math.max(x, this.small(x)) }`);
  return `const GAIN = ${at};
const K = 2;
${helpers.join('\n')}
export class A { small(x) { return x - ${at} } ${methods.join('\n')} }`;
}

export async function importMethods(files: readonly string[]): Promise<Methods> {
  const found: Methods = [];
  for (const file of files) {
    const { A } = (await import(pathToFileURL(file).href)) as { A: { prototype: object } };
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(A.prototype)))
      if (/^m\d/.test(name)) found.push([value as object, A.prototype]);
  }
  return found;
}
