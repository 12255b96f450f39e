import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { installedNodes } from '../support/children/nodes.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { compile, install, link, linkDependencies, run, write } from './installed.js';

const subpaths = ['stowage', 'stowage/kv', 'stowage/memo', 'stowage/manager', 'stowage/recipe'];

/** Uses the analyzers. What computes says so. */
const use = `
const night = new Night();
setTag(night, 'LBTISX20240410_112233');
const brightest = night.brightest;
night.camera.later('a').then((values) => {
  const image = night.camera.image(3);
  console.log(image.constructor.name, image.join(), brightest, [...values].join());
});
`;

const computed = 'brightest\nimage 3\nlater a\nFloat32Array 2,2,2,2,2,2,2,2,2 2 a,1\n';
const found = 'Float32Array 2,2,2,2,2,2,2,2,2 2 a,1\n';

const typescript = `
import { cacheOnDisk, parameter, setTag } from 'stowage';

class Camera {
  @parameter gain = 2;

  @cacheOnDisk
  image(side: number): Float32Array {
    console.log('image', side);
    return new Float32Array(side * side).fill(this.gain);
  }

  @cacheOnDisk({ version: 2, key: (name: string) => name })
  async later(name: string): Promise<Map<string, number>> {
    console.log('later', name);
    return Promise.resolve(new Map([[name, 1]]));
  }
}

class Night {
  readonly camera = new Camera();

  @cacheOnDisk
  get brightest(): number {
    console.log('brightest');
    return Math.max(...this.camera.image(3));
  }
}
${use}`;

const javascript = `
class Camera {
  gain = 2;

  image(side) {
    console.log('image', side);
    return new Float32Array(side * side).fill(this.gain);
  }

  async later(name) {
    console.log('later', name);
    return new Map([[name, 1]]);
  }

  static {
    parameter(this.prototype, 'gain');
    cacheOnDisk(this.prototype, 'image');
    cacheOnDisk({ version: 2, key: (name) => name })(this.prototype, 'later');
  }
}

class Night {
  camera = new Camera();

  get brightest() {
    console.log('brightest');
    return Math.max(...this.camera.image(3));
  }

  static {
    cacheOnDisk(this.prototype, 'brightest');
  }
}
${use}`;

/** What is loaded by `require` and was packages of their own. */
const along = `
import { readdirSync, readFileSync } from 'node:fs';
import { cacheOnDisk, getDiskCacher, setLogfile, setTag } from 'stowage';
import { csvFiles, getCacheManager } from 'stowage/manager';
class Night {
  level() { return new Map([['a', 1]]); }
  static { cacheOnDisk({ codec: 'msgpack' })(this.prototype, 'level'); }
}
const stop = setLogfile('log.jsonl', { level: 'info' });
const night = new Night();
setTag(night, 'night');
night.level();
stop();
const manager = getCacheManager('stars', { baseFolder: 'caches' });
const stars = manager.registerCustomCache('stars', { ...csvFiles() });
stars.set('a', '1');
await manager.saveAllCacheContents();
const [line] = readFileSync('log.jsonl', 'utf8').split('\\n');
const file = readdirSync('caches', { recursive: true }).find((name) => name.endsWith('.csv'));
const [row] = readFileSync(\`caches/\${file}\`, 'utf8').split('\\n');
console.log(JSON.parse(line).event, row, getDiskCacher(night, 'level').dataFile().split('.').at(-1));
`;

/** A program, and the module that its threads import. */
const ahead = {
  'ahead/night.mjs': `
    import { cacheOnDisk } from 'stowage';
    export class Night {
      level() { return 2; }
      static { cacheOnDisk(this.prototype, 'level'); }
    }`,
  'ahead/main.mjs': `
    import { precomputeTags } from 'stowage';
    const plan = { module: new URL('night.mjs', import.meta.url), analyzer: 'Night', methods: ['level'], tags: ['n1', 'n2'] };
    const { computed, failures } = await precomputeTags(plan, { jobs: 2 });
    console.log(computed, 'computed', failures.length, 'failed');`,
};

/** Imports each subpath and says that its types are known: an unknown module has any member. */
const importsOfSubpaths = subpaths
  .map((path, index) => {
    const name = `module${index}`;
    return `import * as ${name} from '${path}';\n// @ts-expect-error -- not there\n${name}.noSuchMember;\n`;
  })
  .join('');

const shared = { target: 'es2022', types: ['node'], strict: true, composite: true };

const projects: Record<string, { type: 'module' | 'commonjs'; options: object; main: string }> = {
  legacy: {
    type: 'module',
    options: { module: 'nodenext', skipLibCheck: true, experimentalDecorators: true, emitDecoratorMetadata: true },
    main: `import 'reflect-metadata';\n${typescript}`,
  },
  // Without skipLibCheck: the package's types, and those that they need, are right.
  standard: {
    type: 'module',
    options: { module: 'esnext', moduleResolution: 'bundler' },
    main: importsOfSubpaths + typescript,
  },
  commonjs: {
    type: 'commonjs',
    options: { module: 'nodenext', skipLibCheck: true },
    main: importsOfSubpaths + typescript,
  },
  node10: {
    type: 'commonjs',
    options: {
      module: 'commonjs',
      moduleResolution: 'node10',
      ignoreDeprecations: '6.0',
      skipLibCheck: true,
      experimentalDecorators: true,
    },
    main: importsOfSubpaths + typescript,
  },
};

function fileOfFace(path: string): string {
  return `${path.split('/')[1] ?? 'index'}.js`;
}

/** A file of the package and those that it imports, with their lengths. */
function filesOf(file: string, known = new Map<string, number>()): Map<string, number> {
  if (known.has(file)) return known;
  const text = readFileSync(file, 'utf8');
  known.set(file, text.length);
  const imports = text.matchAll(/(?:^|;)\s*(?:import|export)(?!\()[^;]*?"(\.\/[^"]+)"/gm);
  for (const [, name = ''] of imports) filesOf(join(dirname(file), name), known);
  return known;
}

describe('the packed package, in an empty folder', function () {
  this.timeout(180_000);
  let folder: string;
  let complaints: string[];

  before(() => {
    folder = temporaryFolder();
    install(folder);
  });

  describe('with none of its dependencies', () => {
    for (const path of subpaths) {
      it(`${path} is imported and required, and loads no native module`, () => {
        const native = "process.report.getReport().sharedObjects.filter((file) => file.endsWith('.node'))";
        const program = `const required = require('${path}');
          import('${path}').then((imported) => console.log(imported === required, ${native}));`;
        expect(run(folder, ['--eval', program])).to.match(/^true \[\]\n/);
      });
    }

    for (const path of subpaths) {
      it(`${path} is few files, and not long ones`, () => {
        const files = filesOf(join(folder, 'node_modules', 'stowage', 'dist', fileOfFace(path)));
        expect([...files.values()].reduce((sum, bytes) => sum + bytes, 0)).to.be.below(700_000);
        expect(files.size).to.be.within(2, 7);
      });
    }

    it('has one of each class, whichever subpath it comes from', () => {
      const program = `
        import * as stowage from 'stowage';
        import * as kv from 'stowage/kv';
        import * as memo from 'stowage/memo';
        import * as manager from 'stowage/manager';
        import * as recipe from 'stowage/recipe';
        const errors = [kv, memo, manager, recipe].flatMap((face) =>
          Object.values(face).filter((each) => Error.isPrototypeOf(each) && each.name !== 'TimeoutError'));
        console.log(errors.length > 3, errors.every((each) => stowage.StowageError.isPrototypeOf(each)));`;
      expect(run(folder, ['--input-type=module', '--eval', program])).to.equal('true true\n');
    });

    it('brings along what writes logs, CSV and MessagePack', () => {
      write(folder, { 'along/main.mjs': along });
      expect(run(join(folder, 'along'), ['main.mjs'])).to.equal('store a,1 msgpack\n');
    });

    it('computes ahead on threads', () => {
      write(folder, ahead);
      expect(run(join(folder, 'ahead'), ['main.mjs'])).to.equal('2 computed 0 failed\n');
    });

    it('names the package that draws, where it is missing', () => {
      const program = `import { lineage } from 'stowage';
        (await lineage({})).toSvg().catch(({ code, message }) => console.log(code, message));`;
      expect(run(folder, ['--input-type=module', '--eval', program])).to.equal(
        'STOWAGE_MISSING_PACKAGE Lineage.toSvg needs the package @viz-js/viz, which is not installed: npm install @viz-js/viz\n',
      );
    });

    it('names the package that brings SQLite, where Node has none', () => {
      const program = `const { Cache } = require('stowage/kv');
        try { new Cache('kv').close(); console.log('npm install better-sqlite3'); } catch (error) { console.log(error.message); }`;
      expect(run(folder, ['--eval', program])).to.contain('npm install better-sqlite3');
    });

    it('runs the methods of analyzers that have no tag', () => {
      const program = `const { cacheOnDisk } = require('stowage');
        class A { one() { return 1; } }
        cacheOnDisk(A.prototype, 'one');
        console.log(new A().one());`;
      expect(run(folder, ['--eval', program])).to.match(/^1\n/);
    });
  });

  describe('with its dependencies', () => {
    before(() => {
      linkDependencies(folder, '@types/node', 'undici-types', 'reflect-metadata');
      for (const [name, { type, options, main }] of Object.entries(projects)) {
        write(join(folder, name), {
          'package.json': { type },
          'tsconfig.json': { compilerOptions: { ...shared, ...options }, files: ['main.ts'] },
          'main.ts': main,
        });
      }
      write(folder, {
        'tsconfig.json': { files: [], references: Object.keys(projects).map((name) => ({ path: `./${name}` })) },
      });
      complaints = compile(folder);
    });

    /** Runs the same twice, in processes of their own. */
    const expectComputedOnce = (project: string, file: string, node?: string): void => {
      expect(run(project, [file], node)).to.equal(computed);
      expect(run(project, [file], node)).to.equal(found);
    };

    for (const name of Object.keys(projects)) {
      it(`computes once in a TypeScript project: ${name}`, () => {
        expect(complaints.filter((line) => line.startsWith(name))).to.eql([]);
        expectComputedOnce(join(folder, name), 'main.js');
      });
    }

    it('has no other complaint of the compiler', () => {
      expect(complaints).to.eql([]);
    });

    it('computes once in plain JavaScript, decorated by hand', () => {
      const main = `import { cacheOnDisk, parameter, setTag } from 'stowage';\n${javascript}`;
      write(folder, { 'esm/main.mjs': main });
      expectComputedOnce(join(folder, 'esm'), 'main.mjs');
    });

    it('finds what was stored without the package of faster checksums when that is installed', () => {
      const project = join(folder, 'faster');
      write(project, { 'main.mjs': `import { cacheOnDisk, parameter, setTag } from 'stowage';\n${javascript}` });
      expectComputedOnce(project, 'main.mjs');
      link(folder, '@node-rs/xxhash');
      expect(run(project, ['main.mjs'])).to.equal(found);
    });

    it('has a command that shows what was computed', () => {
      const project = join(folder, 'shown');
      write(project, { 'main.cjs': `const { cacheOnDisk, parameter, setTag } = require('stowage');\n${javascript}` });
      run(project, ['main.cjs']);
      const rows = JSON.parse(
        run(project, ['ls', '--json'], join(folder, 'node_modules', '.bin', 'stowage')),
      ) as object[];
      expect(rows).to.have.length(1);
      expect(rows[0]).to.include({ tag: 'LBTISX20240410_112233', entries: 3, damaged: 0 });
    });

    for (const { major, program } of installedNodes()) {
      it(`computes once from CommonJS by require, on Node ${major}`, () => {
        const project = `cjs-${major}`;
        write(folder, {
          [`${project}/main.cjs`]: `const { cacheOnDisk, parameter, setTag } = require('stowage');\n${javascript}`,
        });
        expectComputedOnce(join(folder, project), 'main.cjs', program);
      });
    }
  });
});
