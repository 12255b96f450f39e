import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('../../..', import.meta.url));

/** Packages that are loaded when something needs them. */
const heavy = ['apache-arrow', '@node-rs/xxhash', 'pino', 'ndarray', 'reflect-metadata', '@viz-js/viz'];

/**
 * Runs a program in a process of its own, and says which of the heavy packages it loaded. An ES module loader says of no
 * module that it is there, so a hook writes down each module that is resolved; `require` keeps a list of its own.
 */
function loadedBy(program: string): string[] {
  const hook = `
    import { writeSync } from 'node:fs';
    export async function resolve(specifier, context, next) {
      const found = await next(specifier, context);
      writeSync(1, found.url + '\\n');
      return found;
    }`;
  const code = `
    import { createRequire, register } from 'node:module';
    register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hook)}));
    ${program}
    for (const file of Object.keys(createRequire(process.cwd() + '/').cache)) console.log(file);
    console.log('done');`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: project,
    encoding: 'utf8',
  });
  const lines = stdout.split('\n').map((line) => line.replaceAll('\\', '/'));
  expect(lines, stderr).to.include('done');
  return heavy.filter((name) => lines.some((line) => line.includes(`/node_modules/${name}/`)));
}

const useUntagged = `
  const { cacheOnDisk } = await import('stowage');
  class Analyzer {
    mean() { return 1; }
  }
  const descriptor = Object.getOwnPropertyDescriptor(Analyzer.prototype, 'mean');
  Object.defineProperty(Analyzer.prototype, 'mean', cacheOnDisk(Analyzer.prototype, 'mean', descriptor));
  const analyzer = new Analyzer();
  if (analyzer.mean() + analyzer.mean() !== 2) throw new Error('the method is broken');`;

describe('import', () => {
  it('loads no heavy package', () => {
    expect(loadedBy("await import('stowage');")).to.eql([]);
  });

  it('loads none for an analyzer without a tag', () => {
    expect(loadedBy(useUntagged)).to.eql([]);
  });

  it('of Graphviz comes with the first picture, not with the graph', () => {
    const graph = "const { lineage } = await import('stowage'); const graph = await lineage({});";
    expect(loadedBy(`${graph} graph.toDot();`)).to.eql([]);
    expect(loadedBy(`${graph} await graph.toSvg();`)).to.eql(['@viz-js/viz']);
  });

  it('sees a package that is loaded, imported or required', () => {
    expect(loadedBy("await import('apache-arrow');")).to.include('apache-arrow');
    expect(loadedBy("createRequire(process.cwd() + '/')('ndarray');")).to.eql(['ndarray']);
  });
});
