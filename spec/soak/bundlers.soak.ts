import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { run } from '../package/installed.js';
import { decorated, expectFoundAgain, printing } from '../package/toolchain-project.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { testing, toolchains, type Toolchains } from './toolchain-projects.js';

/** Turns decorators into what Node knows, for bundlers that leave them as they are. */
const loader = `module.exports = (code) => require('esbuild').transformSync(code, { loader: 'ts', target: 'es2022' }).code;`;

describe('bundlers that are not installed otherwise', () => {
  let tools: Toolchains;

  before(() => {
    tools = toolchains();
  });

  describe('Vite', () => {
    const lowering = `import { transform } from 'esbuild';
      const decorators = {
        name: 'decorators',
        enforce: 'pre',
        transform: (code, id) =>
          id.endsWith('.ts') ? transform(code, { loader: 'ts', target: 'es2022', sourcemap: true, sourcefile: id }) : null,
      };`;

    it('finds what Vitest computed, with legacy decorators', () => {
      const project = tools.project('vitest-legacy', {
        'tsconfig.json': { compilerOptions: { target: 'es2022', experimentalDecorators: true } },
        'a.test.ts': `import { test } from 'vitest';\n${decorated}${testing}`,
      });
      expectFoundAgain(() => tools.run(project, 'vitest/vitest.mjs', 'run'));
    });

    it('finds what Vitest computed, with standard decorators and a plugin that knows them', () => {
      const project = tools.project('vitest-standard', {
        'vitest.config.js': `${lowering}\nexport default { plugins: [decorators] };`,
        'a.test.ts': `import { test } from 'vitest';\n${decorated}${testing}`,
      });
      expectFoundAgain(() => tools.run(project, 'vitest/vitest.mjs', 'run'));
    });

    for (const within of [false, true]) {
      it(`finds what a server's build computed, ${within ? 'bundled and minified' : 'with the package beside it'}`, () => {
        const config = `export default {
          plugins: [decorators],
          ssr: { noExternal: ${within || '[]'} },
          build: { ssr: 'main.ts', minify: ${within} },
        };`;
        const files = { 'vite.config.js': `${lowering}\n${config}`, 'main.ts': decorated + printing };
        const project = tools.project(`vite-${within}`, files);
        expect(tools.run(project, 'vite/bin/vite.js', 'build')).to.contain('built in');
        const away = within ? temporaryFolder() : project;
        if (within)
          for (const name of ['dist', 'data.txt']) cpSync(join(project, name), join(away, name), { recursive: true });
        expectFoundAgain(() => run(away, ['dist/main.js']));
      });
    }
  });

  describe('webpack and rspack', () => {
    for (const tool of ['webpack', '@rspack/core']) {
      for (const mode of ['production', 'development']) {
        it(`finds what was computed by a bundle of ${tool} for ${mode}, which is elsewhere`, () => {
          const project = tools.project(`${tool.replace(/\W/g, '')}-${mode}`, {
            'package.json': {},
            'loader.cjs': loader,
            'main.ts': decorated + printing,
            'build.cjs': `require('${tool}')({
              mode: '${mode}', target: 'node20', entry: './main.ts', context: __dirname,
              output: { path: __dirname + '/dist', filename: 'main.cjs' },
              module: { rules: [{ test: /\\.ts$/, use: require.resolve('./loader.cjs') }] },
            }, (error, stats) => console.log(error ?? stats.toString()));`,
          });
          const said = run(project, ['build.cjs']);
          expect(said).to.match(/compiled .*successfully/);
          const away = temporaryFolder();
          cpSync(join(project, 'dist'), away, { recursive: true });
          cpSync(join(project, 'data.txt'), join(away, 'data.txt'));
          expectFoundAgain(() => run(away, ['main.cjs']));
        });
      }
    }
  });

  describe('Next', () => {
    const app = {
      'package.json': {},
      'tsconfig.json': {
        compilerOptions: { target: 'es2022', experimentalDecorators: true, jsx: 'preserve', skipLibCheck: true },
      },
      'app/layout.js': 'export default ({ children }) => <html><body>{children}</body></html>;',
      'app/page.js': 'export default () => <p>night</p>;',
      'app/use/analysis.ts': decorated,
      'app/use/route.ts': `import { use } from './analysis';
        export const dynamic = 'force-dynamic';
        export const GET = async () => new Response(await use());`,
    };

    for (const bundler of ['--turbopack', '--webpack']) {
      for (const external of [[], ['stowage']]) {
        it(`finds what a server computed, built with ${bundler}${external.length > 0 ? ' and the package beside it' : ''}`, async () => {
          const config = { serverExternalPackages: external, typescript: { ignoreBuildErrors: true } };
          const project = tools.project(`next${bundler}-${external.length}`, {
            ...app,
            'next.config.mjs': `export default ${JSON.stringify(config)};`,
          });
          expect(tools.run(project, 'next/dist/bin/next', 'build', bundler)).to.contain('/use');
          const answers = [await answerOf(project), await answerOf(project)];
          expectFoundAgain(() => answers.shift() ?? '');
        });
      }
    }

    /** What a server of its own answers. */
    async function answerOf(project: string): Promise<string> {
      const port = await freePort();
      const server = spawn(process.execPath, [tools.file('next/dist/bin/next'), 'start', '--port', String(port)], {
        cwd: project,
        env: { PATH: process.env.PATH, STOWAGE_TMPDIR: join(project, 'cache') },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      try {
        await readiness(server);
        const response = await fetch(`http://localhost:${port}/use`);
        return await response.text();
      } finally {
        server.kill();
        await once(server, 'exit');
      }
    }
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Resolves when a server says that it is ready. */
async function readiness(server: ChildProcess): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let said = '';
    server.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Ready')) resolve();
    });
    server.once('exit', () => {
      reject(new Error(`the server has ended: ${said}`));
    });
  });
}
