/** A function that is evaluated once more is the function that it was; another one of its source is not. */
import { expect } from 'chai';
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { InvalidOptionError } from 'stowage';
import { persist } from 'stowage/memo';
import { temporaryFolder } from '../../support/temporary-folder.js';

const require = createRequire(import.meta.url);

interface Loaded {
  made: ((x: number) => number)[];
}

/** Modules of a temporary folder find the cache here. */
const holder = globalThis as { keep?: (fn: (x: number) => number) => (x: number) => number };

describe('a function of a module', () => {
  let folder: string;
  const cached = { runs: 0 };
  const one = 'keep(function twice(x) { return 2 * x; })';

  beforeEach(() => {
    folder = temporaryFolder();
    cached.runs = 0;
    holder.keep = (fn) => persist(fn, { cache: join(folder, 'cache') });
  });
  afterEach(() => {
    delete holder.keep;
  });

  /** @param query what tells the import from others of the file */
  async function imported(name: string, text: string, query = ''): Promise<Loaded> {
    const file = join(folder, name);
    writeFileSync(file, text);
    return (await import(pathToFileURL(file).href + query)) as Loaded;
  }

  function required(name: string, text: string): Loaded {
    const file = join(folder, name);
    writeFileSync(file, text);
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- how modules are loaded anew
    delete require.cache[require.resolve(file)];
    return require(file) as Loaded;
  }

  function valuesOf({ made }: Loaded): number[] {
    return made.map((fn) => fn(7));
  }

  it('is the same when the module is imported again, with its results', async () => {
    const text = `export const made = [${one}];`;
    const first = await imported('a.mjs', text, '?1');
    expect(valuesOf(first)).to.deep.equal([14]);
    const again = await imported('a.mjs', text, '?2');
    const { cache } = again.made[0] as unknown as { cache: { size: number } };
    expect([cache.size, ...valuesOf(again), ...valuesOf(first)]).to.deep.equal([1, 14, 14]);
  });

  it('is the same when other lines of the module have changed', async () => {
    await imported('a.mjs', `export const made = [${one}];`, '?1');
    expect(valuesOf(await imported('a.mjs', `// More.\n\nexport const made = [  ${one}];`, '?2'))).to.deep.equal([14]);
  });

  it('is the same when a CommonJS module is required again, and when a cell is run again', () => {
    const text = `exports.made = [${one}];`;
    for (let round = 0; round < 3; round++) expect(valuesOf(required('a.cjs', text))).to.deep.equal([14]);
    rmSync(join(folder, 'cache'), { recursive: true });
    holder.keep = (fn) => persist(fn, { cache: join(folder, 'of cells') });
    for (let round = 0; round < 3; round++) {
      const made = runInNewContext(`[${one}]`, { keep: holder.keep }) as Loaded['made'];
      expect(valuesOf({ made })).to.deep.equal([14]);
    }
  });

  it('is the same where the module that is loaded again has it made by another one', async () => {
    const makers = 'exports.times = (factor) => keep(function times(x) { return factor * x; });';
    writeFileSync(join(folder, 'maker.cjs'), makers);
    const text = "exports.made = [require('./maker.cjs').times(2)];";
    for (let round = 0; round < 3; round++) expect(valuesOf(required('a.cjs', text))).to.deep.equal([14]);
    const other = imported('b.mjs', "import maker from './maker.cjs'; export const made = [maker.times(3)];");
    expect(await other.catch((error: unknown) => error)).to.be.instanceOf(InvalidOptionError);
  });

  const others: Record<string, string> = {
    'in a loop': 'export const made = []; for (const k of [2, 3]) made.push(keep(function f(x) { return k * x; }));',
    'by a function that is called twice':
      'const times = (k) => keep(function f(x) { return k * x; }); export const made = [times(2), times(3)];',
    'by eval': "export const made = [2, 3].map((k) => (0, eval)('(k) => keep(function f(x) { return k * x; })')(k));",
    'by a constructor of functions':
      "export const made = [2, 3].map((k) => new Function('k', 'return keep(function f(x) { return k * x; })')(k));",
  };
  for (const [how, text] of Object.entries(others)) {
    it(`is another one where the module makes it ${how}`, async () => {
      const outcome = await imported('a.mjs', text).catch((error: unknown) => error);
      expect(outcome).to.be.instanceOf(InvalidOptionError).with.property('message').that.includes('two functions f');
    });
  }

  it('is another one where another module has the same text', async () => {
    const text = `const k = Number(new URL(import.meta.url).pathname.at(-5)); export const made = [keep(function f(x) { return k * x; })];`;
    expect(valuesOf(await imported('2.mjs', text))).to.deep.equal([14]);
    expect(await imported('3.mjs', text).catch((error: unknown) => error)).to.be.instanceOf(InvalidOptionError);
  });

  it('is still told from its siblings after the module was loaded again', async () => {
    const times = (count: number): string =>
      `const times = (k) => keep(function f(x) { return k * x; }); export const made = [2, 3].slice(0, ${count}).map(times);`;
    await imported('a.mjs', times(1), '?1');
    expect(await imported('a.mjs', times(2), '?2').catch((error: unknown) => error)).to.be.instanceOf(
      InvalidOptionError,
    );
  });
});
