/**
 * Makes dist/, what is published, of build/lib/, what the compiler makes of lib/: few files, so that a program starts quickly.
 * All of them lie in dist/ itself, so that each finds threads and packages beside it. `node .ci/bundle.js`
 */
import { chmodSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build, transform } from 'esbuild';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';

const root = dirname(import.meta.dirname);
const from = join(root, 'build/lib');
const to = join(root, 'dist');
const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const FACES = {
  index: 'index.js',
  kv: 'kv/index.js',
  memo: 'memo/index.js',
  manager: 'manager/index.js',
  recipe: 'recipe/index.js',
};
const PROGRAMS = {
  cli: 'cli/main.js',
  'tally-worker': 'cli/tally/tally-worker.js',
  'precompute-worker': 'analyzer/precompute/precompute-worker.js',
  'part-worker': 'analyzer/cluster/part-worker.js',
  'claim-heartbeat-worker': 'store/claim/claim-heartbeat-worker.js',
  'remote-worker': 'remote/thread/remote-worker.js',
};

/** Wings that are loaded together; what is left goes where rollup puts it. */
const WINGS_OF_CHUNK = {
  core: ['base', 'key', 'code', 'codec'],
  store: ['show', 'trace', 'store', 'call'],
  method: ['method', 'analyzer'],
};

/** Packages that become part of the code that imports them. */
const WITHIN = [
  '@hono/node-server',
  'commander',
  'hono',
  'hono/body-limit',
  'hono/cookie',
  'hono/streaming',
  'js-tokens',
  'picocolors',
];

/** Packages that `load` loads when they are needed: files of their own, by what they are made of. */
const BESIDE = {
  '@msgpack/msgpack': 'msgpack',
  aws4fetch: 'aws4fetch',
  'cli-progress': 'cli-progress',
  'csv-parse/sync': 'csv-parse',
  'csv-stringify/sync': 'csv-stringify',
  pako: 'pako',
  pino: 'pino',
};

const shared = { bundle: true, platform: 'node', target: 'node20.19', minifySyntax: true, minifyWhitespace: true };
const metafiles = [];

/** A package that requires Node's modules finds `require` in an ES module, too. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** Compiles a package into one text. `import.meta` is for the command alone: bundlers and Jest have another, or none. */
async function textOf(name, format) {
  const banner = name === 'commander' ? { banner: { js: REQUIRE } } : {};
  const options = {
    ...shared,
    ...banner,
    entryPoints: [name],
    absWorkingDir: root,
    format,
    write: false,
    metafile: true,
  };
  const { outputFiles, metafile } = await build(options);
  metafiles.push(metafile);
  return outputFiles[0].text;
}

const within = {
  name: 'within',
  resolveId: (name) => (WITHIN.includes(name) ? `\0${name}` : null),
  load: (id) => (id.startsWith('\0') && WITHIN.includes(id.slice(1)) ? textOf(id.slice(1), 'esm') : null),
};

/** `load('pako')` becomes `load('./pako.cjs')`. */
const beside = {
  name: 'beside',
  transform(code) {
    const changed = code.replaceAll(/\bload\('([^']+)'\)/g, (call, name) => {
      if (name in BESIDE) return `load('./${BESIDE[name]}.cjs')`;
      if (name in dependencies || name in peerDependencies) return call;
      throw new Error(`${name} is loaded, and is neither a dependency nor part of the package`);
    });
    return { code: changed, map: null };
  },
};

/** Comments and indentation are for readers of lib/, and would be read at each start. Names stay. */
const compact = {
  name: 'compact',
  async renderChunk(text) {
    const { code } = await transform(text, { target: shared.target, minifyWhitespace: true, lineLimit: 200 });
    // Bundlers leave a module of the user's, whose name comes later, to Node.
    const ignored = 'import(/* webpackIgnore: true */ /* @vite-ignore */ $1)';
    return { code: code.replaceAll(/\bimport\((\w+)\)/g, ignored), map: null };
  },
};

/**
 * Marks of the beginning and the end of a file, by which lib/code/sight/own-code.ts knows it in a bundle. A minifier moves a
 * function to the place where it is used, if that is the only one: the first has another use.
 */
const marks = {
  banner: 'function stowageBegins() {} stowageBegins.begins = true;',
  footer: "(globalThis[Symbol.for('stowage.marks')] ??= []).push([stowageBegins, function stowageEnds() {}]);",
};

const external = (name) =>
  name.startsWith('node:') || name in dependencies || name in peerDependencies ? true : undefined;

function chunkOf(id) {
  // A thread's program would run wherever its chunk is loaded.
  if (!id.startsWith(from) || id.endsWith('-worker.js')) return undefined;
  const [wing] = id.slice(from.length + 1).split('/');
  return Object.keys(WINGS_OF_CHUNK).find((chunk) => WINGS_OF_CHUNK[chunk].includes(wing));
}

async function bundle(input, plugins, output) {
  const entries = Object.fromEntries(Object.entries(input).map(([name, file]) => [name, join(from, file)]));
  const bundled = await rollup({
    input: entries,
    plugins,
    external,
    onwarn(warning) {
      // That a signature names a type which is not exported: those that typedoc.json lists.
      if (warning.plugin === 'dts') return;
      throw new Error(`${warning.code}: ${warning.message}`);
    },
  });
  const { output: files } = await bundled.write({ dir: to, format: 'es', ...output });
  await bundled.close();
  return files;
}

/** The page of `stowage ui`, for a browser: one script with all that it needs, and its style. */
async function page() {
  const { metafile } = await build({
    ...shared,
    minify: true,
    platform: 'browser',
    target: ['chrome123', 'firefox120', 'safari17.5'],
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    absWorkingDir: root,
    entryPoints: { page: 'lib/ui/page/main.tsx', 'page-style': 'lib/ui/page/page.css' },
    outdir: to,
    metafile: true,
  });
  metafiles.push({
    inputs: Object.fromEntries(Object.entries(metafile.inputs).filter(([path]) => path.includes('node_modules/'))),
  });
  renameSync(join(to, 'page-style.css'), join(to, 'page.css'));
}

/** What the licences of the packages within ask for: their texts go where their code goes. */
function licenses() {
  const paths = metafiles.flatMap(({ inputs }) => Object.keys(inputs));
  const folders = new Set(paths.map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? path));
  const texts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const file = readdirSync(join(root, folder)).find((each) => /^licen[cs]e/i.test(each));
    const text = file === undefined ? '' : `\n${readFileSync(join(root, folder, file), 'utf8').trim()}\n`;
    return `${name} ${version} (${license})\n${text}`;
  });
  return `Parts of other packages are in this folder:\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

/** Is dist/ younger than all that it is made of? */
function isFresh() {
  const sources = [
    'build/lib/.tsbuildinfo',
    'build/page/.tsbuildinfo',
    'lib/ui/page/page.css',
    '.ci/bundle.js',
    'package.json',
    'package-lock.json',
  ];
  const made = statSync(join(to, 'index.d.ts'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return sources.every((file) => statSync(join(root, file)).mtimeMs < made);
}

if (isFresh()) process.exit();
const began = new Date();
rmSync(to, { recursive: true, force: true });
await bundle({ ...FACES, ...PROGRAMS }, [within, beside, compact], {
  entryFileNames: '[name].js',
  chunkFileNames: '[name].js',
  manualChunks: chunkOf,
  hoistTransitiveImports: false,
  generatedCode: 'es2015',
  ...marks,
});
chmodSync(join(to, 'cli.js'), 0o755);
for (const [name, file] of Object.entries(BESIDE)) writeFileSync(join(to, `${file}.cjs`), await textOf(name, 'cjs'));
await page();
writeFileSync(join(to, 'licenses.txt'), licenses());
const types = Object.entries(FACES).map(([name, file]) => [name, file.replace(/js$/, 'd.ts')]);
await bundle(Object.fromEntries(types), [dts()], {
  entryFileNames: '[name].d.ts',
  chunkFileNames: ({ name }) => `types-${name.replace(/\.d$/, '')}.d.ts`,
});
// What is compiled while this runs is younger than what was read.
utimesSync(join(to, 'index.d.ts'), began, began);
