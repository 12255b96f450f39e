import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from '@swc/core';
import { expect } from 'chai';
import { buildSync, type BuildOptions } from 'esbuild';
import { installedNodes } from '../support/children/nodes.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { install, link, linkDependencies, run, write } from './installed.js';
import { byHand, decorated, expectFoundAgain, printing, usedIn } from './toolchain-project.js';

const legacy = { compilerOptions: { target: 'es2022', experimentalDecorators: true } };
const standard = { compilerOptions: { target: 'es2022' } };

describe('the packed package, in toolchains', function () {
  this.timeout(120_000);
  let folder: string;

  /** A project beside the others. */
  function project(name: string, files: Record<string, unknown>): string {
    const path = join(folder, name);
    write(path, { 'package.json': { type: 'module' }, 'data.txt': 'data', ...files });
    return path;
  }

  before(() => {
    folder = temporaryFolder();
    install(folder);
    linkDependencies(folder);
    link(folder, 'tsx');
  });

  for (const [kind, settings] of Object.entries({ legacy, standard })) {
    it(`finds what was computed under tsx, with ${kind} decorators`, () => {
      const path = project(`tsx-${kind}`, { 'tsconfig.json': settings, 'main.ts': decorated + printing });
      expectFoundAgain(() => run(path, ['--import', 'tsx', 'main.ts']));
    });
  }

  for (const { major, program } of installedNodes().slice(-1)) {
    it(`finds what was computed where Node ${major} strips the types`, () => {
      const path = project(`stripped-${major}`, { 'main.mts': byHand + printing });
      expectFoundAgain(() => run(path, ['--no-warnings', '--experimental-strip-types', 'main.mts'], program));
    });
  }

  for (const version of ['legacy', '2023-11'] as const) {
    it(`finds what was computed where swc compiles decorators, ${version}`, () => {
      const kind = version === 'legacy' ? { legacyDecorator: true } : { decoratorVersion: version };
      const { code } = transformSync(decorated + printing, {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { ...(kind as { legacyDecorator?: boolean }), useDefineForClassFields: version !== 'legacy' },
          target: 'es2022',
        },
      });
      const path = project(`swc-${version}`, { 'main.js': code });
      expectFoundAgain(() => run(path, ['main.js']));
    });
  }

  describe('bundled by esbuild into one file, which is elsewhere', () => {
    /** Bundles, and moves away. @returns the folder with `main.mjs` or `main.cjs` */
    function bundle(name: string, source: string, options: BuildOptions): string {
      const path = project(name, { 'tsconfig.json': standard, 'main.ts': source });
      const away = temporaryFolder();
      const file = options.format === 'cjs' ? 'main.cjs' : 'main.mjs';
      const shared: BuildOptions = { bundle: true, platform: 'node', target: 'node20', logLevel: 'silent' };
      const { warnings } = buildSync({
        ...shared,
        ...options,
        entryPoints: [join(path, 'main.ts')],
        outfile: join(away, file),
      });
      expect(warnings).to.eql([]);
      writeFileSync(join(away, 'data.txt'), 'data');
      return away;
    }

    it('finds what was computed: an ES module', () => {
      const away = bundle('esm', decorated + printing, { format: 'esm' });
      expectFoundAgain(() => run(away, ['main.mjs']));
    });

    it('finds what was computed: CommonJS, minified, and says that names are', () => {
      const away = bundle('cjs', decorated + printing, { format: 'cjs', minify: true });
      let said = '';
      expectFoundAgain(() => (said = run(away, ['main.cjs'])));
      expect(said).to.contain('STOWAGE_MINIFIED_NAME');
    });

    it('says which package was left behind, and computes', () => {
      const program = `
        import ndarray from 'ndarray';
        import { cacheOnDisk, setTag } from 'stowage';
        class Night { level() { return { of: ndarray(Float64Array.of(1, 2), [2]) }; } }
        cacheOnDisk(Night.prototype, 'level');
        const night = new Night();
        setTag(night, 'night');
        console.log(night.level().of.get(1));`;
      const away = bundle('left', program, { format: 'esm' });
      expect(run(away, ['main.mjs'])).to.equal('2\n');
      expect(run(away, ['main.mjs'])).to.match(/^2\n.*STOWAGE_BUNDLED.* ndarray is not found from .*main\.mjs/);
      mkdirSync(join(away, 'node_modules'));
      linkDependencies(away);
      expect(run(away, ['main.mjs'])).to.equal('2\n');
    });

    it('says that threads were left behind', () => {
      const program = `
        import { precomputeTags } from 'stowage';
        const plan = { module: new URL('night.mjs', import.meta.url), analyzer: 'Night', methods: ['level'], tags: ['a'] };
        precomputeTags(plan).catch(({ code, message }) => console.log(code, message));`;
      const away = bundle('threads', program, { format: 'esm' });
      writeFileSync(join(away, 'night.mjs'), 'export class Night { level() { return 1; } }');
      expect(run(away, ['main.mjs'])).to.match(/^STOWAGE_BUNDLED precompute-worker\.js is not found .* external: /);
    });

    it('finds in the next build, minified otherwise, what its code has not changed', () => {
      const kept = { format: 'esm', minify: true, keepNames: true } as const;
      const away = bundle('before', decorated + printing, kept);
      const more =
        'class More { constructor(readonly of: object) {} }\nconsole.error(new More(new More(events)).of);\n';
      const now = decorated.replace("['a', Math.max", "['a', 0 + Math.max");
      const next = bundle('after', now + more + printing, kept);
      expectFoundAgain(() => run(away, ['main.mjs']));
      writeFileSync(join(away, 'main.mjs'), readFileSync(join(next, 'main.mjs')));
      expect(usedIn(run(away, ['main.mjs'])))
        .to.have.property('computed')
        .that.eql(['brightest 2', 'brightest 3']);
    });
  });
});
