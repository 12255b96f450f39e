/**
 * The house: which folder of lib may import which. The arrows are the only imports allowed, type-only ones included.
 */
const core = ['base', 'library', 'key', 'codec', 'store', 'trace'];
const mayImport = {
  base: [],
  show: ['base'],
  library: ['base'],
  key: ['base', 'library'],
  codec: ['base', 'library', 'key'],
  store: ['base', 'library', 'show', 'key', 'code', 'codec'],
  remote: ['base', 'key', 'codec', 'store'],
  trace: ['base', 'key'],
  code: ['base', 'key'],
  call: core,
  method: [...core, 'code', 'show', 'call', 'remote'],
  memo: [...core, 'code', 'call'],
  manager: core,
  kv: ['base', 'key', 'code', 'codec'],
  recipe: ['base', 'kv'],
  analyzer: [...core, 'code', 'show', 'call', 'remote', 'method'],
  cli: [...core, 'code', 'show', 'call', 'remote', 'method', 'memo', 'manager', 'kv', 'recipe', 'analyzer'],
  ui: [...core, 'code', 'show', 'method', 'cli'],
};
/** The window stands on how commands choose entries, and one command opens it. */
const doors = { cli: '^lib/cli/commands/ui\\.ts$' };
const folders = Object.keys(mayImport).join('|');

/**
 * The rooms of each wing, from the one that stands on none to the one that may use all. `.` is the files that stand in the
 * wing itself: its face, but in base, where they are what everything else uses.
 */
const rooms = {
  base: ['.', 'text', 'language', 'run', 'files', 'packages'],
  library: ['contract', 'copies', 'adapters', '.'],
  key: ['names', 'classes', 'canonical', 'functions'],
  codec: ['shared', 'press', 'npy', 'npz', 'arrow', 'plain', 'v8', 'msgpack', '.'],
  store: ['record', 'disk', 'entry', 'claim', 'maintain'],
  remote: ['contract', 'backend', 'work', 'thread'],
  code: ['part', 'sight', 'text', 'graph', '.'],
  method: ['state', 'hierarchy', 'call', 'report', 'api'],
  memo: ['shelf', 'call', 'bucket', 'persist', '.'],
  manager: ['contract', 'files', 'filling', 'saving', 'cache', '.'],
  kv: [
    'base',
    'pickle',
    'pickle/write',
    'pickle/read',
    'disk',
    'settings',
    'database',
    'state',
    'item',
    'memoize',
    'cache',
    '.',
  ],
  recipe: ['base', 'lock', '.'],
  analyzer: ['single', 'set', 'precompute', 'cluster'],
  cli: ['terminal', 'choose', 'tally', 'commands', '.'],
  ui: ['contract', 'watch', 'answer', 'server', 'page'],
};
const pathOf = (wing, room) => (room === '.' ? `^lib/${wing}/[^/]+$` : `^lib/${wing}/${room}/[^/]+$`);
const upwards = Object.entries(rooms).flatMap(([wing, order]) =>
  order.slice(0, -1).map((room, floor) => ({
    name: `floor-${wing}-${room}`,
    comment: `${room} of lib/${wing} imports nothing of the rooms above it: ${order.slice(floor + 1).join(', ')}`,
    severity: 'error',
    from: { path: pathOf(wing, room) },
    to: { path: order.slice(floor + 1).map((above) => pathOf(wing, above)) },
  })),
);
const unknownRooms = Object.entries(rooms).map(([wing, order]) => ({
  name: `unknown-room-${wing}`,
  comment: `a file of lib/${wing} stands in a room that the table above does not know`,
  severity: 'error',
  from: { path: `^lib/${wing}/`, pathNot: order.map((room) => pathOf(wing, room)) },
  to: {},
}));

/** Loaded when first needed through lib/base/packages/optional.ts; their types may be imported, nothing else of them. */
const lazy = [
  'apache-arrow',
  'ndarray',
  '@node-rs/xxhash',
  '@msgpack/msgpack',
  'csv-parse',
  'csv-stringify',
  'aws4fetch',
  'pako',
  'pino',
  'better-sqlite3',
  'reflect-metadata',
  'cli-progress',
  '@resvg/resvg-js',
  '@viz-js/viz',
  'bullmq',
  'ioredis',
];
/** Part of the published code: devDependencies that `.ci/bundle.js` puts there. */
const within = '(^|/)(@hono/node-server|commander|hono|js-tokens|picocolors|preact)(/|$)';
// A package's types may be a package of their own: @types/ndarray.
const lazyPackages = `(^|/)(@types/)?(${lazy.join('|')})(/|$)`;
// A builtin module that this Node may not have: there it counts as unresolved.
const sqlite = '^node:sqlite$';

module.exports = {
  forbidden: [
    ...upwards,
    ...unknownRooms,
    ...Object.entries(mayImport).map(([folder, allowed]) => ({
      name: `direction-${folder}`,
      comment: `lib/${folder} imports from ${allowed.length > 0 ? allowed.join(', ') : 'nothing of ours'} only`,
      severity: 'error',
      from: { path: `^lib/${folder}/`, ...(doors[folder] && { pathNot: doors[folder] }) },
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
      name: 'page-in-the-browser',
      comment: 'the page of lib/ui runs in a browser: of the rest it uses texts and types alone',
      severity: 'error',
      from: { path: '^lib/ui/page/' },
      to: { path: '^lib/.+/', pathNot: '^lib/(ui/(page|contract)|base/text)/' },
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
      comment:
        'what lib imports, its users must get: it stands in "dependencies", or .ci/bundle.js puts it into the package',
      severity: 'error',
      from: { path: '^lib/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'npm-optional'],
        pathNot: `${lazyPackages}|${within}`,
      },
    },
    {
      name: 'lazy-packages-as-types-only',
      comment: 'heavy, native and optional packages are loaded through load() of lib/base/packages/optional.ts',
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
