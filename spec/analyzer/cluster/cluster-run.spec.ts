import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { expect } from 'chai';
import { precomputeTags, SchedulerError, StowageError, type PrecomputeReport, type Scheduler } from 'stowage';
import { computeOnCluster } from '#lib/analyzer/cluster/cluster-run.js';
import { computePart } from '#lib/analyzer/cluster/compute-part.js';
import type { PartQueue } from '#lib/analyzer/cluster/part-queue.js';
import type { RunFolder } from '#lib/analyzer/cluster/run-folder.js';
import { NOTES, notesIn } from '../../support/analyses/cluster-night.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const module = new URL('../../support/analyses/cluster-night.js', import.meta.url);
const tags = ['a', 'b', 'c', 'd'];

/** Computes parts in this process. */
class Desk {
  readonly submitted: (readonly number[])[] = [];
  readonly cancelled: string[] = [];
  readonly present = new Set<number>();
  run: RunFolder | undefined;

  constructor(
    /** What becomes of a part that is submitted: it is computed, vanishes, or stays where it is. */
    private readonly fate: (part: number, time: number) => 'computed' | 'vanishes' | 'stays' = () => 'computed',
  ) {}

  submit(run: RunFolder, parts: readonly number[]): Promise<string> {
    this.run = run;
    this.submitted.push(parts);
    for (const part of parts) {
      const fate = this.fate(part, this.submitted.filter((each) => each.includes(part)).length);
      if (fate === 'vanishes') continue;
      this.present.add(part);
      if (fate === 'stays') continue;
      computePart(run, part, 1)
        .finally(() => this.present.delete(part))
        .catch(() => undefined);
    }
    return Promise.resolve('');
  }

  cancel(run: RunFolder): Promise<void> {
    this.cancelled.push(run.plan.name);
    return Promise.resolve();
  }

  lastWords(): string {
    return ' (killed)';
  }
}

const queueOf = (desk: Desk, present: () => ReadonlySet<number> | undefined = () => desk.present): PartQueue => ({
  submit: (run, parts) => desk.submit(run, parts),
  cancel: (run) => desk.cancel(run),
  lastWords: () => desk.lastWords(),
  present: () => Promise.resolve(present()),
});

const on = (queue: PartQueue, parts = 2): Scheduler => ({
  compute: (work, how) => computeOnCluster(work, how, queue, { parts, every: 0.01, jobs: 1 }),
});

describe('a run on several hosts', () => {
  let tmpdir = '';

  beforeEach(() => {
    tmpdir = temporaryFolder();
    process.env[NOTES] = tmpdir;
  });

  const compute = (scheduler: Scheduler, signal?: AbortSignal): Promise<PrecomputeReport> =>
    precomputeTags(
      { module, analyzer: 'Night', tags, methods: ['rms'], tmpdir },
      { on: scheduler, ...(signal && { signal }) },
    );
  const failure = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

  it('reports what its parts say, and tells progress', async () => {
    const desk = new Desk();
    const told: number[] = [];
    const report = await precomputeTags(
      { module, analyzer: 'Night', tags, methods: ['rms'], tmpdir },
      { on: on(queueOf(desk)), onProgress: ({ done, total }) => told.push(done, total) },
    );
    expect(report).to.deep.include({ computed: 4, found: 0, failures: [] });
    expect(told).to.deep.equal([1, 4, 2, 4, 3, 4, 4, 4]);
    expect(desk.submitted).to.deep.equal([[1, 2]]);
  });

  it('asked again once it is over begins anew, and finds everything', async () => {
    await compute(on(queueOf(new Desk())));
    const desk = new Desk();
    expect(await compute(on(queueOf(desk)))).to.include({ computed: 0, found: 4 });
    expect(desk.submitted).to.deep.equal([[1, 2]]);
    expect(notesIn(tmpdir).what).to.have.length(4);
  });

  it('submits again what vanished, three times, and then gives it up and says so', async () => {
    const desk = new Desk((part) => (part === 2 ? 'vanishes' : 'computed'));
    const { computed, failures } = await compute(on(queueOf(desk)));
    expect(computed).to.equal(2);
    expect(desk.submitted).to.deep.equal([[1, 2], [2], [2], [2]]);
    expect(failures.map(({ tag }) => tag)).to.deep.equal(['b', 'd']);
    expect(failures[0]?.error).to.be.instanceOf(StowageError).and.include({ code: 'STOWAGE_PART_VANISHED' });
    expect(failures[0]?.error.message).to.match(/^part 2 of 2 vanished 4 times before its end \(killed\)/);
  });

  it('goes on with a part that vanished once', async () => {
    const desk = new Desk((part, time) => (part === 1 && time === 1 ? 'vanishes' : 'computed'));
    expect(await compute(on(queueOf(desk)))).to.deep.include({ computed: 4, failures: [] });
    expect(desk.submitted).to.deep.equal([[1, 2], [1]]);
  });

  it('takes nothing for vanished while the queue does not say what it has', async () => {
    const desk = new Desk();
    let looks = 0;
    const queue = queueOf(desk, () => (looks++ === 0 ? new Set() : undefined));
    expect(await compute(on(queue))).to.include({ computed: 4 });
    expect(desk.submitted).to.deep.equal([[1, 2]]);
  });

  it('that two ask for is submitted once, and both have its report', async () => {
    const desk = new Desk();
    const reports = await Promise.all([compute(on(queueOf(desk))), compute(on(queueOf(desk)))]);
    expect(reports.map(({ computed }) => computed)).to.deep.equal([4, 4]);
    expect(desk.submitted).to.deep.equal([[1, 2]]);
    expect(notesIn(tmpdir).what).to.have.length(4);
  });

  it('that another process calls off ends for who follows it, too', async () => {
    const desk = new Desk(() => 'stays');
    const controller = new AbortController();
    let looks = 0;
    const counting = queueOf(desk, () => {
      looks++;
      return desk.present;
    });
    const first = failure(compute(on(queueOf(desk)), controller.signal));
    while (desk.submitted.length === 0) await later(5);
    const second = failure(compute(on(counting)));
    while (looks === 0) await later(5);
    controller.abort(new Error('enough'));
    const [own, other] = await Promise.all([first, second]);
    expect(String(own)).to.equal('Error: enough');
    expect(other).to.be.instanceOf(StowageError).and.include({ code: 'STOWAGE_CANCELLED' });
    expect(desk.cancelled).to.have.length(1);
  });

  it('that was refused is asked for otherwise', async () => {
    const refusing: PartQueue = {
      ...queueOf(new Desk()),
      submit: () => Promise.reject(new SchedulerError('Slurm refuses the array: too many')),
    };
    expect(String(await failure(compute(on(refusing, 4))))).to.equal(
      'SchedulerError: Slurm refuses the array: too many',
    );
    const desk = new Desk();
    expect(await compute(on(queueOf(desk), 1))).to.include({ computed: 4 });
    expect(desk.submitted).to.deep.equal([[1]]);
  });

  it('has a plan that nobody changes, and no more parts than tags', async () => {
    const desk = new Desk();
    await compute(on(queueOf(desk), 1000));
    expect(desk.submitted).to.deep.equal([[1, 2, 3, 4]]);
    const plan = join(desk.run?.path ?? '', 'plan.json');
    expect(statSync(plan).mode & 0o777).to.equal(0o400);
    expect(statSync(desk.run?.path ?? '').mode & 0o077).to.equal(0);
    expect(JSON.parse(readFileSync(plan, 'utf8'))).to.deep.include({ tags, parts: 4, names: ['rms'] });
  });

  it('leaves a plan of another version alone', async () => {
    const desk = new Desk(() => 'stays');
    const controller = new AbortController();
    const first = failure(compute(on(queueOf(desk)), controller.signal));
    while (desk.submitted.length === 0) await later(5);
    const plan = join(desk.run?.path ?? '', 'plan.json');
    chmodSync(plan, 0o600);
    writeFileSync(plan, JSON.stringify({ format: 2 }));
    const next = new Desk();
    expect(await compute(on(queueOf(next)))).to.include({ computed: 4 });
    expect(next.run?.path).to.not.equal(desk.run?.path);
    controller.abort(new Error('enough'));
    await first;
  });

  it('passes over a line that was spoilt on its way', async () => {
    const desk = new Desk((part) => {
      const { parts } = desk.run ?? { parts: '' };
      writeFileSync(join(parts, `${part}.spoilt.jsonl`), '{"type":"tag","tag":"a"\n\0\0\0\n{"type":"do');
      return 'computed';
    });
    expect(await compute(on(queueOf(desk)))).to.include({ computed: 4 });
    expect(readdirSync(desk.run?.parts ?? '')).to.have.length(4);
  });

  it('is refused with a part, or where on is none', async () => {
    const plan = { module, analyzer: 'Night', tags, tmpdir };
    const both = await failure(precomputeTags(plan, { on: on(queueOf(new Desk())), part: { index: 1, count: 2 } }));
    expect(both).to.include({ code: 'STOWAGE_INVALID_OPTION' });
    expect(await failure(precomputeTags(plan, { on: 'slurm' as never }))).to.include({
      code: 'STOWAGE_INVALID_OPTION',
    });
  });
});
