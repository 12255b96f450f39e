import { join } from 'node:path';
import type * as Babel from '@babel/core';
import { expect } from 'chai';
import { run } from '../package/installed.js';
import { byHand, decorated, expectFoundAgain, javascript, printing } from '../package/toolchain-project.js';
import { installedNodes } from '../support/children/nodes.js';
import { testing, toolchains, type Toolchains } from './toolchain-projects.js';

const kinds = { legacy: { experimentalDecorators: true }, standard: {} };

/** Values of all kinds, which must be of the realm that Jest gives a test. */
const values = `
import { cacheOnDisk, setTag, events } from 'stowage';
const said = [];
for (const type of ['fault', 'uncacheable', 'corrupt', 'mutated', 'stale']) events.on(type, (event) => said.push(event));
let ran = 0;
class Analysis {
  held() {
    ran++;
    return { map: new Map([[1, new Set([2])]]), date: new Date(5), view: Uint16Array.of(1, 2), error: new TypeError('t') };
  }
  array() {
    ran++;
    return new Float64Array(300_000).fill(1);
  }
  async later(of) {
    ran++;
    return new Map([[of, 2]]);
  }
}
for (const name of ['held', 'array', 'later']) cacheOnDisk(Analysis.prototype, name);
const analysis = () => {
  const made = new Analysis();
    setTag(made, 't');
  return made;
};
for (const name of ['held', 'array', 'later']) {
  test(name, async () => {
    const before = ran;
    const one = await analysis()[name](new Date(1));
    expect(await analysis()[name](new Date(1))).toStrictEqual(one);
    expect(ran).toBe(before + 1);
    expect(said).toEqual([]);
  });
}
`;

describe('toolchains that are not installed otherwise', () => {
  let tools: Toolchains;

  before(() => {
    tools = toolchains();
  });

  describe('ts-node', () => {
    for (const [kind, options] of Object.entries(kinds)) {
      it(`finds what was computed, CommonJS with ${kind} decorators`, () => {
        const compilerOptions = {
          target: 'es2022',
          module: 'nodenext',
          types: ['node'],
          skipLibCheck: true,
          ...options,
        };
        const project = tools.project(`ts-node-${kind}`, {
          'package.json': {},
          'tsconfig.json': { compilerOptions },
          'main.ts': decorated + printing,
        });
        expectFoundAgain(() => tools.run(project, 'ts-node/dist/bin.js', 'main.ts'));
      });
    }

    it('finds what was computed, ES modules', () => {
      const compilerOptions = { target: 'es2022', module: 'nodenext', types: ['node'], skipLibCheck: true };
      const project = tools.project('ts-node-esm', {
        'tsconfig.json': { compilerOptions },
        'main.ts': decorated + printing,
      });
      expectFoundAgain(() => run(project, ['--no-warnings', '--loader', 'ts-node/esm', 'main.ts']));
    });
  });

  describe('Babel', () => {
    for (const version of ['legacy', '2023-11']) {
      it(`finds what was computed, decorators of ${version}`, () => {
        const { transformSync } = tools.require<typeof Babel>('@babel/core');
        const compiled = transformSync(decorated + printing, {
          filename: join(tools.folder, 'main.ts'),
          plugins: [
            [tools.file('@babel/plugin-proposal-decorators'), { version }],
            ...(version === 'legacy' ? [tools.file('@babel/plugin-transform-class-properties')] : []),
          ],
          presets: [tools.file('@babel/preset-typescript')],
        });
        const project = tools.project(`babel-${version}`, { 'main.js': compiled?.code });
        expectFoundAgain(() => run(project, ['main.js']));
      });
    }
  });

  for (const { major, program } of installedNodes().filter((node) => node.major >= 22)) {
    it(`Node ${major} finds what was computed where it strips the types`, () => {
      const project = tools.project(`stripped-${major}`, { 'main.mts': byHand + printing });
      expectFoundAgain(() => run(project, ['--no-warnings', '--experimental-strip-types', 'main.mts'], program));
    });
  }

  describe('Jest', () => {
    it('finds what was computed by ES modules', () => {
      const project = tools.project('jest-esm', {
        'jest.config.js': 'export default {};',
        'a.test.js': javascript(byHand) + testing,
      });
      const jest = ['--experimental-vm-modules', '--no-warnings', tools.file('jest/bin/jest.js')];
      expectFoundAgain(() => run(project, jest));
    });

    const transformed = {
      'package.json': {},
      'babel.config.js': `module.exports = {
        plugins: [['@babel/plugin-proposal-decorators', { version: '2023-11' }], '@babel/plugin-transform-modules-commonjs'],
        presets: ['@babel/preset-typescript'],
      };`,
      'a.test.ts': decorated + testing,
    };

    it('finds what was computed by what it has turned into CommonJS, as the setting says that it names', () => {
      const config = "module.exports = { transformIgnorePatterns: ['/node_modules/(?!stowage/)'] };";
      const project = tools.project('jest-transformed', { ...transformed, 'jest.config.js': config });
      expectFoundAgain(() => tools.run(project, 'jest/bin/jest.js'));
    });

    it('has results as they were, once computed', () => {
      const project = tools.project('jest-values', { 'jest.config.js': 'export default {};', 'a.test.js': values });
      const jest = ['--experimental-vm-modules', '--no-warnings', tools.file('jest/bin/jest.js')];
      expect(run(project, jest)).to.contain('3 passed');
    });

    it('names the setting where it is missing', () => {
      const project = tools.project('jest-plain', { ...transformed, 'jest.config.js': 'module.exports = {};' });
      expect(tools.run(project, 'jest/bin/jest.js')).to.match(/ES Module: .*stowage[^]*transformIgnorePatterns/);
    });
  });

  describe('other engines', () => {
    const projects = {
      'by hand': { 'main.js': javascript(byHand + printing) },
      'with standard decorators': { 'main.ts': decorated + printing },
    };
    for (const [how, files] of Object.entries(projects)) {
      const [file = ''] = Object.keys(files);

      it(`Bun finds what was computed, ${how}`, function () {
        const bun = tools.program('@oven/bun-linux-x64/bin/bun', '@oven/bun-linux-x64-baseline/bin/bun');
        if (bun === undefined) return this.skip();
        const project = tools.project(`bun-${file}`, files);
        expectFoundAgain(() => run(project, [file], bun));
      });

      it(`Deno finds what was computed, ${how}`, function () {
        const deno = tools.program('@deno/linux-x64-glibc/deno');
        if (deno === undefined) return this.skip();
        const project = tools.project(`deno-${file}`, files);
        expectFoundAgain(() => run(project, ['run', '--quiet', '--allow-all', file], deno));
      });
    }
  });
});
