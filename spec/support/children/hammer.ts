/** Many processes at a {@link HammerJob} at once, and what must hold afterwards. */
import { expect } from 'chai';
import { setTimeout as later } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { Cache, EmptyDirWarning, UnknownFileWarning } from 'stowage/kv';
import { HAMMER_JOB } from './hammer-job-python.js';
import { HAMMERED, isWhole, tokenOf, type HammerJob, type HammerReport } from './hammer-job.js';
import { runPython } from '../peers/numpy.js';
import { PeerProcess } from './peer-process.js';

/** Who hammers. */
export interface Crew {
  node: number;
  /** Processes of Python, and the program. */
  python: number;
  program?: string;
  /** Of each process of Node.js. */
  threads?: number;
}

type Work = Pick<HammerJob, 'directory' | 'rounds' | 'withLocks'>;

const script = fileURLToPath(new URL('hammer-job-main.js', import.meta.url));

/** Starts them all; they wait for each other. */
async function startHammers({ node, python, program = '', threads = 0 }: Crew, work: Work): Promise<PeerProcess[]> {
  const cache = new Cache(work.directory, HAMMERED);
  expect(cache.settings).to.include(HAMMERED);
  cache.close();
  const peers = Array.from({ length: node + python }, (_, worker) => {
    const job = JSON.stringify({ ...work, worker, threads: worker < node ? threads : 0 });
    return worker < node
      ? new PeerProcess(process.execPath, [script, job])
      : new PeerProcess(program, ['-c', HAMMER_JOB, job]);
  });
  for (const peer of peers) await peer.says('ready');
  for (const peer of peers) peer.goOn();
  return peers;
}

/** Lets them work to the end. */
export async function hammer(crew: Crew, work: Work): Promise<HammerReport[]> {
  const peers = await startHammers(crew, work);
  const reports = await Promise.all(peers.map(async (peer) => JSON.parse(await peer.line()) as HammerReport[]));
  for (const peer of peers) await peer.done();
  return reports.flat();
}

/** What python-diskcache's `check` complains of. */
export function pythonComplaints(python: string, directory: string): string[] {
  const script = `
import diskcache, json, sys, warnings
warnings.simplefilter('ignore')
print(json.dumps([str(warning.message) for warning in diskcache.Cache(json.load(sys.stdin)).check()]))
`;
  return runPython(python, script, directory) as string[];
}

/** Nothing was lost, done twice or mixed up. */
export function expectSums(cache: Cache, reports: readonly HammerReport[]): void {
  const all = <T>(part: (report: HammerReport) => readonly T[]): T[] => reports.flatMap(part);
  const sum = (part: (report: HammerReport) => number): number =>
    reports.reduce((total, report) => total + part(report), 0);
  expect(all(({ wrong }) => wrong)).to.deep.equal([]);
  const counters = [0, 1, 2].map((number) => Number(cache.get(`counter ${number}`)));
  expect(counters.reduce((one, other) => one + other)).to.equal(sum(({ added }) => added));
  const won = all((report) => report.won);
  expect(new Set(won).size).to.equal(won.length);
  expect(won.every((key) => isWhole(cache.get(key)))).to.equal(true);
  const left: string[] = [];
  for (const options of [{}, { prefix: 'jobs' }]) {
    for (let item = cache.pull(options); item !== undefined; item = cache.pull(options)) left.push(tokenOf(item.value));
  }
  const pulled = [...all((report) => report.pulled), ...left];
  expect(pulled.sort()).to.deep.equal(all(({ pushed }) => pushed).sort());
  const guarded = sum((report) => report.guarded);
  expect([cache.get('guarded', 0), cache.get('guarded again', 0), cache.get('inside', 0)]).to.deep.equal([
    guarded,
    guarded,
    0,
  ]);
  expect(Number(cache.get('from')) + Number(cache.get('to'))).to.equal(0);
  expect([cache.get('lock'), cache.get('semaphore', 2)]).to.deep.equal([undefined, 2]);
}

/** The longest time for which they work before they are killed, in milliseconds. */
const LIFE = 400;

/** Lets them work until they are killed, each at a moment of its own. @returns how many files were left behind */
export async function killRound(cache: Cache, crew: Crew): Promise<number> {
  const peers = await startHammers(crew, { directory: cache.directory, rounds: 0, withLocks: false });
  await Promise.all(
    peers.map(async (peer) => {
      await later(Math.random() * LIFE);
      await peer.kill();
    }),
  );
  return expectAtMostOrphans(cache, crew);
}

/** Everything that is there is whole, files may have stayed behind, and `check` removes them. */
function expectAtMostOrphans(cache: Cache, { program }: Crew): number {
  const found = cache.check();
  expect(
    found.filter((warning) => !(warning instanceof UnknownFileWarning || warning instanceof EmptyDirWarning)),
  ).to.deep.equal([]);
  if (program !== undefined) {
    const complaints = pythonComplaints(program, cache.directory);
    expect(complaints.filter((text) => !/^(unknown file|empty directory)/.test(text))).to.deep.equal([]);
  }
  for (const key of cache.keys()) {
    const value = cache.get(key);
    if (Array.isArray(key) && value !== undefined && !isWhole(value))
      expect.fail(`${String(key)} is ${inspect(value).slice(0, 100)}`);
  }
  expect(Number(cache.get('from', 0)) + Number(cache.get('to', 0))).to.equal(0);
  cache.check({ fix: true });
  expect(cache.check()).to.deep.equal([]);
  if (program !== undefined) expect(pythonComplaints(program, cache.directory)).to.deep.equal([]);
  return found.filter((warning) => warning instanceof UnknownFileWarning).length;
}
