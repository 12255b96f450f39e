import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { temporaryFolder } from '../support/temporary-folder.js';
import { compile, install, linkDependencies, run, write } from './installed.js';

const subpaths = ['stowage', 'stowage/kv', 'stowage/memo', 'stowage/manager', 'stowage/recipe'];

/** Analyzers, tagged and used. What computes says so. */
const body = `
const night = new Night();
setTag(night, 'LBTISX20240410_112233');
const image = night.camera.image(3);
night.camera.later('a').then((values) => {
  console.log(image.constructor.name, image.join(), night.brightest, [...values].join(), explain(night, 'brightest').state);
});
`;

const computed = 'brightest\nimage 3\nlater a\nFloat32Array 2,2,2,2,2,2,2,2,2 2 a,1 fresh\n';
const found = computed.split('\n').slice(3).join('\n');

const typescript = `
import { cacheOnDisk, explain, parameter, setTag } from 'stowage';

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
${body}`;

/** Imports each subpath and says that its types are known: an unknown module has any member. */
const importsOfSubpaths = subpaths
  .map((path, index) => {
    const name = `module${index}`;
    return `import * as ${name} from '${path}';\n// @ts-expect-error -- not there\n${name}.noSuchMember;\n`;
  })
  .join('');

const shared = { target: 'es2022', types: ['node'], strict: true, composite: true, noEmitOnError: false };

const projects: Record<string, { type: 'module' | 'commonjs'; options: object; main: string }> = {
  legacy: {
    type: 'module',
    options: { module: 'nodenext', experimentalDecorators: true, emitDecoratorMetadata: true },
    main: `import 'reflect-metadata';\n${typescript}`,
  },
  standard: { type: 'module', options: { module: 'nodenext' }, main: importsOfSubpaths + typescript },
  commonjs: { type: 'commonjs', options: { module: 'nodenext' }, main: importsOfSubpaths + typescript },
  node10: {
    type: 'commonjs',
    options: {
      module: 'commonjs',
      moduleResolution: 'node10',
      ignoreDeprecations: '6.0',
      experimentalDecorators: true,
    },
    main: importsOfSubpaths + typescript,
  },
};

describe('the packed package, in an empty folder', function () {
  this.timeout(180_000);
  let folder: string;
  let complaints: string[];

  before(() => {
    folder = temporaryFolder();
    install(folder);
  });

  describe('without any of its dependencies', () => {
    for (const path of subpaths) {
      it(`${path} is imported and required, and loads no native module`, () => {
        const native = "process.report.getReport().sharedObjects.filter((file) => file.endsWith('.node'))";
        const program = `const required = require('${path}');
          import('${path}').then((imported) => console.log(imported === required, ${native}));`;
        expect(run(folder, ['--eval', program])).to.match(/^true \[\]\n/);
      });
    }

    it('runs the methods of analyzers that have no tag', () => {
      const program = `const { cacheOnDisk } = require('stowage');
        class A { one() { return 1; } }
        const descriptor = Object.getOwnPropertyDescriptor(A.prototype, 'one');
        Object.defineProperty(A.prototype, 'one', cacheOnDisk(A.prototype, 'one', descriptor));
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

    for (const name of Object.keys(projects)) {
      it(`a TypeScript project computes once: ${name}`, () => {
        expect(complaints.filter((line) => line.includes(name))).to.eql([]);
        const project = join(folder, name);
        mkdirSync(join(project, 'cache'));
        expect(run(project, ['main.js'])).to.equal(computed);
        expect(run(project, ['main.js'])).to.equal(found);
      });
    }

    it('nothing else is wrong with the types', () => {
      expect(complaints).to.eql([]);
    });
  });
});
