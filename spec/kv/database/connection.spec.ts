import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { sqlite } from '#lib/kv/database/sqlite.js';
import { Cache, DatabaseError } from 'stowage/kv';
import { installedNodes } from '../../support/children/nodes.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const KV = new URL('../../../lib/kv/index.js', import.meta.url).href;

/** A program that counts to `n` in a folder, in transactions and out of them. */
const COUNT = `
import { Cache } from '${KV}';
const [folder, n] = process.argv.slice(-2);
const cache = new Cache(folder);
for (let i = 0; i < Number(n); i++) {
  cache.incr('count', 1, 0, { retry: true });
  cache.transact(() => { cache.incr('pairs'); cache.push(i, { prefix: 'jobs' }); }, { retry: true });
}
cache.close();
`;

describe('the connection', () => {
  let folder: string;

  beforeEach(() => {
    folder = temporaryFolder();
  });

  it('is that of node:sqlite where this Node has it', () => {
    const hasOwn = Number(process.versions.node.split('.')[0]) >= 22;
    expect(sqlite().name).to.equal(process.env.STOWAGE_SQLITE ?? (hasOwn ? 'node:sqlite' : 'better-sqlite3'));
  });

  it('is opened at first use, and closed with the last cache on the folder', () => {
    const openFiles = (): string[] =>
      readdirSync('/proc/self/fd')
        .map((fd) => link(fd))
        .filter((path) => path.startsWith(folder));
    const one = new Cache(folder);
    expect(readdirSync(folder)).to.deep.equal([]);
    const other = new Cache(folder);
    one.set('a', 1);
    const before = openFiles().length;
    other.get('a');
    expect(openFiles()).to.have.lengthOf(before);
    one.close();
    expect(openFiles()).to.have.lengthOf(before);
    other.close();
    other.close();
    expect(openFiles()).to.deep.equal([]);
    expect(readdirSync(folder)).to.deep.equal(['cache.db']);
  });

  it('is one for all names of a folder', () => {
    const name = join(temporaryFolder(), 'link');
    symlinkSync(folder, name);
    using one = new Cache(folder, { timeout: 0 });
    using other = new Cache(name, { timeout: 0 });
    // Two connections would wait for each other.
    one.transact(() => other.set('a', 1));
    expect(one.get('a')).to.equal(1);
  });

  it('leaves a database that somebody removed for the one that has its place', () => {
    const writer = new Cache(folder, { evictionPolicy: 'none', cullLimit: 3 });
    const reader = new Cache(folder);
    writer.set('a', 1);
    reader.get('a');
    rmSync(folder, { recursive: true });
    expect(() => writer.set('b', 2)).to.throw(DatabaseError, /gone/);
    mkdirSync(folder);
    const later = new Cache(folder);
    expect(later.get('a')).to.equal(undefined);
    expect(writer.set('b', 2)).to.equal(true);
    expect(later.get('b')).to.equal(2);
    expect(later.reset('evictionPolicy')).to.equal('none');
    expect(later.reset('cullLimit')).to.equal(3);
    later.set('c', 3);
    // The one that closes the removed database must not take the new one's files along.
    reader.close();
    writer.close();
    const script = `import { Cache } from '${KV}'; console.log(JSON.stringify([...new Cache(${JSON.stringify(folder)})]))`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(JSON.parse(stdout)).to.deep.equal([
      ['b', 2],
      ['c', 3],
    ]);
    later.close();
  });

  it('is given back by a cache that was forgotten', async () => {
    (() => {
      new Cache(folder).set('a', 1);
    })();
    const openFiles = (): number => readdirSync('/proc/self/fd').filter((fd) => link(fd).startsWith(folder)).length;
    for (let i = 0; i < 50 && openFiles() > 0; i++) {
      global.gc?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(openFiles()).to.equal(0);
  });

  it('is one of each thread', async function () {
    this.timeout(60_000);
    const worker = `
      const { workerData } = require('node:worker_threads');
      process.argv.push(workerData, '50');
      import('data:text/javascript,' + encodeURIComponent(${JSON.stringify(COUNT)})).catch((error) => { throw error; });
    `;
    const workers = [1, 2, 3].map(() => new Worker(worker, { eval: true, workerData: folder, argv: [folder, '50'] }));
    const ends = await Promise.all(workers.map((each) => once(each, 'exit') as Promise<[number]>));
    expect(ends.map(([code]) => code)).to.deep.equal([0, 0, 0]);
    using cache = new Cache(folder);
    expect(cache.get('count')).to.equal(150);
    expect(cache.get('pairs')).to.equal(150);
    expect(cache.size).to.equal(152);
    expect(cache.check()).to.deep.equal([]);
  });

  it('works on each Node, and warns of nothing', function () {
    this.timeout(60_000);
    for (const { major, program } of installedNodes()) {
      const { status, stderr } = spawnSync(program, ['--input-type=module', '-e', COUNT, folder, '5'], {
        encoding: 'utf8',
      });
      expect(major).to.deep.equal(major);
      expect(status).to.equal(0);
      expect(stderr).to.equal('');
    }
  });

  it('works on a Node whose node:sqlite gives no arrays, as 22.15', () => {
    const { program } = installedNodes().at(-1) as { program: string };
    const older = 'delete process.getBuiltinModule("node:sqlite")?.StatementSync.prototype.setReturnArrays;';
    const { status } = spawnSync(program, ['--input-type=module', '-e', older + COUNT, folder, '5']);
    expect(status).to.equal(0);
    using cache = new Cache(folder);
    expect([cache.get('count'), cache.get('pairs'), cache.size]).to.deep.equal([5, 5, 7]);
    expect(cache.pull({ prefix: 'jobs' })).to.include({ key: 'jobs-500000000000000', value: 0 });
  });

  it('leaves the warnings of others alone', () => {
    const script = `
      import { Cache } from '${KV}';
      new Cache(${JSON.stringify(folder)}).set('a', 1);
      process.emitWarning('something else', 'ExperimentalWarning');
    `;
    const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(stderr).to.match(/ExperimentalWarning: something else/);
    expect(stderr).to.not.match(/SQLite/i);
  });

  it('says what to install where there is no driver', () => {
    const script = `
      process.getBuiltinModule = () => undefined;
      import('node:module').then(async ({ default: Module }) => {
        const load = Module._load;
        Module._load = (name, ...rest) => { if (name === 'better-sqlite3') throw new Error('Cannot find module'); return load(name, ...rest); };
        const { Cache } = await import('${KV}');
        try { new Cache(${JSON.stringify(folder)}).set('a', 1); } catch (error) { console.log(error.code, error.message); }
      });
    `;
    const { stdout } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    expect(stdout).to.match(/^STOWAGE_KV_NO_DRIVER .*npm install better-sqlite3/);
  });

  it('is by the driver that the environment names', () => {
    const script = `
      const { sqlite } = await import('${KV.replace('index.js', 'database/sqlite.js')}');
      try { console.log(sqlite().name); } catch (error) { console.log(error.code); }
    `;
    const run = (wanted: string): string => {
      const env = { ...process.env, STOWAGE_SQLITE: wanted };
      return spawnSync(process.execPath, ['--input-type=module', '-e', script], {
        encoding: 'utf8',
        env,
      }).stdout.trim();
    };
    expect(['node:sqlite', 'STOWAGE_KV_NO_DRIVER']).to.include(run('node:sqlite'));
    expect(['better-sqlite3', 'STOWAGE_KV_NO_DRIVER']).to.include(run('better-sqlite3'));
    expect(run(sqlite().name)).to.equal(sqlite().name);
    expect(run('oracle')).to.equal('STOWAGE_INVALID_OPTION');
  });
});

function link(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
}
