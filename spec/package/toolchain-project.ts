/** A small project, as every toolchain gets it: arrays, an inherited method, a parameter, a file that a result depends on. */
import { expect } from 'chai';
import { transformSync } from 'esbuild';

const begin = `
const said: string[] = [];
for (const type of ['fault', 'uncacheable', 'corrupt', 'mutated', 'stale'] as const)
  events.on(type, (event: unknown) => { said.push(JSON.stringify(event)); });
const computed: string[] = [];
`;

const end = `
export async function use() {
  const camera = new CmosCamera();
  setTag(camera, 'night');
  const values: unknown[] = [];
  for (const gain of [2, 3, 2]) {
    camera.gain = gain;
    const image = camera.image(2);
    const brightest = await camera.brightest(2);
    values.push(image.constructor.name, ...image, brightest.get('a'));
  }
  return JSON.stringify({ computed, values: values.join(), said });
}
`;

const image = `image(side: number): Float32Array {
    computed.push(\`image \${this.gain}\`);
    return new Float32Array(side * side).fill(this.gain);
  }`;

const brightest = `async brightest(side: number): Promise<Map<string, number>> {
    dependsOnFile('data.txt');
    computed.push(\`brightest \${this.gain}\`);
    return new Map([['a', Math.max(...this.image(side))]]);
  }`;

const imports = "import { cacheOnDisk, dependsOnFile, events, parameter, setTag } from 'stowage';";

/** With decorators of either kind. */
export const decorated = `${imports}
${begin}
class Camera {
  @parameter gain = 2;

  @cacheOnDisk
  ${image}
}

class CmosCamera extends Camera {
  @cacheOnDisk
  ${brightest}
}
${end}`;

/** Without a decorator, for engines and compilers that know none. Its types can be taken away. */
export const byHand = `${imports}
${begin}
class Camera {
  gain = 2;

  ${image}

  static {
    parameter(this.prototype, 'gain');
    cacheOnDisk(this.prototype, 'image');
  }
}

class CmosCamera extends Camera {
  ${brightest}

  static {
    cacheOnDisk(this.prototype, 'brightest');
  }
}
${end}`;

/** Its one file, which prints what \`use\` gives. */
export const printing = '\nuse().then((used) => console.log(used));\n';

export const javascript = (source: string): string => transformSync(source, { loader: 'ts', target: 'es2022' }).code;

const values = 'Float32Array,2,2,2,2,2,Float32Array,3,3,3,3,3,Float32Array,2,2,2,2,2';
const computed = ['image 2', 'brightest 2', 'image 3', 'brightest 3'];

/** What a process printed, amid what its tools say. */
export function usedIn(output: string): unknown {
  const [, found] = /(\{\\?"computed.*?\]\\?\})/.exec(output) ?? [];
  if (found === undefined) throw new Error(output);
  return JSON.parse(found.startsWith('{\\') ? (JSON.parse(`"${found}"`) as string) : found);
}

/** All is computed in a first process, and found in a second one. */
export function expectFoundAgain(run: () => string): void {
  expect(usedIn(run())).to.eql({ computed, values, said: [] });
  expect(usedIn(run())).to.eql({ computed: [], values, said: [] });
}
