/**
 * The house: which folder of lib may import which. The arrows are the only imports allowed, type-only ones included.
 */
const core = ['base', 'key', 'codec', 'store', 'trace'];
const mayImport = {
  base: [],
  key: ['base'],
  codec: ['base', 'key'],
  code: ['base', 'key'],
  store: ['base', 'key', 'codec'],
  trace: ['base', 'key'],
  method: core,
  memo: core,
  manager: core,
  kv: ['base', 'key', 'codec'],
  recipe: ['base', 'kv'],
  analyzer: [...core, 'method'],
  cli: [...core, 'method', 'memo', 'manager', 'kv', 'recipe', 'analyzer'],
};
const folders = Object.keys(mayImport).join('|');

/** Loaded when first needed through lib/base/optional.ts; their types may be imported, nothing else of them. */
const lazy = [
  'acorn', 'apache-arrow', 'ndarray', '@node-rs/xxhash', '@msgpack/msgpack', 'csv-parse', 'csv-stringify', 'pako',
  'pino', 'piscina', 'better-sqlite3', 'reflect-metadata', 'cli-table3', 'cli-progress', '@mixmark-io/domino',
  '@resvg/resvg-js',
]; // prettier-ignore
// A package's types may be a package of their own: @types/ndarray.
const lazyPackages = `(^|/)(@types/)?(${lazy.join('|')})(/|$)`;
// A builtin module that this Node may not have: there it counts as unresolved.
const sqlite = '^node:sqlite$';

module.exports = {
  forbidden: [
    ...Object.entries(mayImport).map(([folder, allowed]) => ({
      name: `direction-${folder}`,
      comment: `lib/${folder} imports from ${allowed.length > 0 ? allowed.join(', ') : 'nothing of ours'} only`,
      severity: 'error',
      from: { path: `^lib/${folder}/` },
      to: { path: '^lib/.+/', pathNot: `^lib/(${[folder, ...allowed].join('|')})/` },
    })),
    {
      name: 'unknown-folder',
      comment: 'a file of lib stands in a folder that the table above does not know',
      severity: 'error',
      from: { path: '^lib/', pathNot: `^lib/(index\\.ts$|(${folders})/)` },
      to: {},
    },
    {
      name: 'not-the-public-face',
      comment: 'nothing inside lib imports lib/index.ts',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^lib/index\\.ts$' },
    },
    {
      name: 'only-index-re-exports',
      severity: 'error',
      from: { path: '^lib/', pathNot: '(^|/)index\\.ts$' },
      to: { dependencyTypes: ['export'] },
    },
    { name: 'no-circular', severity: 'error', from: { path: '^lib/' }, to: { circular: true } },
    {
      name: 'lib-stays-in-lib',
      comment: 'lib imports neither specs, notebooks or benches, nor its own compiled form',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^(spec|notebooks|bench|build|dist)/' },
    },
    {
      name: 'no-unresolved',
      severity: 'error',
      from: { path: '^lib/' },
      to: { couldNotResolve: true, pathNot: sqlite },
    },
    {
      name: 'only-dependencies',
      comment: 'what lib imports, its users must get: it stands in "dependencies"',
      severity: 'error',
      from: { path: '^lib/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'npm-optional'], pathNot: lazyPackages },
    },
    {
      name: 'lazy-packages-as-types-only',
      comment: 'heavy, native and optional packages are loaded through load() of lib/base/optional.ts',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: lazyPackages, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-sqlite-at-import',
      comment: 'node:sqlite is missing on Node 20: ask process.getBuiltinModule for it when it is needed',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: sqlite, dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    combinedDependencies: false,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
