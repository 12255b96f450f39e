import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { events, InvalidOptionError, setLogfile, setTag, setTmpdir } from 'stowage';
import { Analysis, runChild } from '../../support/analyses/analysis-job.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

interface Line {
  [field: string]: unknown;
  event: string;
}

const linesOf = (file: string): Line[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);

describe('setLogfile', () => {
  let folder: string;
  const stops: (() => void)[] = [];
  const log = (...args: Parameters<typeof setLogfile>): (() => void) => {
    const stop = setLogfile(...args);
    stops.push(stop);
    return stop;
  };
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => {
    for (const stop of stops.splice(0)) stop();
  });
  const day = (): Analysis => {
    const analysis = new Analysis();
    setTmpdir(analysis, folder);
    setTag(analysis, 't');
    return analysis;
  };

  it('writes one line an event: when, who, which entry, what happened, how long it took', () => {
    const file = join(folder, 'log');
    log(file);
    const analysis = day();
    analysis.array();
    analysis.array();
    day().array();
    analysis.of(3);
    const lines = linesOf(file);
    expect(lines.map(({ event, level }) => `${event} ${String(level)}`)).to.deep.equal([
      'miss debug',
      'store info',
      'hit debug',
      'hit debug',
      'miss debug',
      'store info',
    ]);
    for (const line of lines) {
      expect(line).to.include({ name: 'stowage', tag: 't' });
      expect(Math.abs(Date.parse(String(line.time)) - Date.now())).to.be.below(60_000);
      expect(line.entry).to.match(/^root\.Analysis\.(array|of)$/);
    }
    const [, store, , disk, , keyed] = lines;
    expect(store?.seconds).to.be.a('number').within(0, 60);
    expect(disk?.seconds).to.be.a('number').within(0, 60);
    expect(store?.file).to.equal(join(folder, 'cachet', 'root.Analysis.array.npy'));
    expect(keyed?.key).to.match(/^[0-9a-f]{64}$/);
  });

  for (const [level, expected] of [
    ['debug', ['hit', 'store', 'corrupt', 'fault']],
    ['info', ['store', 'corrupt', 'fault']],
    ['warn', ['corrupt', 'fault']],
    ['error', ['fault']],
  ] as const) {
    it(`writes at level ${level} what matters that much`, () => {
      const file = join(folder, 'log');
      log(file, { level });
      for (const type of ['hit', 'store', 'corrupt', 'fault'] as const) {
        events.tell({
          type,
          tag: 't',
          instance: 'root',
          method: 'A.m',
          ...(type === 'fault' && { error: new Error('why') }),
        });
      }
      expect(linesOf(file).map(({ event }) => event)).to.deep.equal(expected);
      expect(linesOf(file).at(-1)).to.include({ error: 'why' });
    });
  }

  it('writes under the name that it is given', () => {
    log(join(folder, 'log'), { name: 'night 3' });
    day().small();
    expect(new Set(linesOf(join(folder, 'log')).map(({ name }) => name))).to.deep.equal(new Set(['night 3']));
  });

  it('adds a file at the second call, each with its level', () => {
    log(join(folder, 'one'));
    log(join(folder, 'two'), { level: 'info' });
    day().small();
    expect(linesOf(join(folder, 'one')).map(({ event }) => event)).to.deep.equal(['miss', 'store']);
    expect(linesOf(join(folder, 'two')).map(({ event }) => event)).to.deep.equal(['store']);
  });

  it('appends to what is there', () => {
    for (let i = 0; i < 2; i++) {
      const stop = log(join(folder, 'log'), { level: 'info' });
      day().array();
      day().of(i);
      stop();
    }
    expect(linesOf(join(folder, 'log')).map(({ event }) => event)).to.deep.equal(['store', 'store', 'store']);
  });

  it('writes no more after it was stopped, listens to nothing, and can be stopped twice', () => {
    const stop = log(join(folder, 'log'));
    day().small();
    stop();
    expect(events.heard.hit).to.equal(events.listenerCount('hit') > 0);
    const { size } = statSync(join(folder, 'log'));
    day().small();
    expect(statSync(join(folder, 'log')).size).to.equal(size);
    stop();
  });

  it('can be stopped although the disk of the log is full', function () {
    if (!existsSync('/dev/full')) {
      console.warn('SKIPPED: there is no /dev/full here');
      this.skip();
    }
    const stop = setLogfile('/dev/full', { level: 'info' });
    day().small();
    expect(stop).not.to.throw();
  });

  it('says at once that a file cannot be written, and listens to nothing then', () => {
    const before = events.listenerCount('hit');
    for (const file of [join(folder, 'none', 'log'), folder, '']) {
      expect(() => setLogfile(file)).to.throw(InvalidOptionError, 'cannot be written');
    }
    expect(() => setLogfile(join(folder, 'log'), { level: 'loud' as never })).to.throw(InvalidOptionError, 'not loud');
    expect(() => setLogfile(7 as never)).to.throw(InvalidOptionError);
    expect(() => setLogfile(undefined as never)).to.throw(InvalidOptionError);
    expect(events.listenerCount('hit')).to.equal(before);
    expect(existsSync(join(folder, 'log'))).to.equal(false);
  });

  it('hurts no method when the disk of the log is full', function () {
    if (!existsSync('/dev/full')) {
      console.warn('SKIPPED: there is no /dev/full here');
      this.skip();
    }
    const told = runChild({ tmpdir: folder, tag: 't', calls: ['array', 'small', 'array'], logfile: '/dev/full' });
    expect(told.values).to.have.lengthOf(3);
    expect(told.ran).to.deep.equal(['array', 'small']);
  });

  it('refuses a named pipe that nothing reads, rather than wait for it', () => {
    const pipe = join(temporaryFolder(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(() => setLogfile(pipe)).to.throw(InvalidOptionError, pipe);
  });
});
