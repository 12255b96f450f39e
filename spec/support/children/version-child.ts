/** The process of `version-job.ts`. */
import { cacheOnDisk, configure, events, setTag, setTmpdir, untag } from 'stowage';
import { killAtStep } from './kill-at-step.js';
import type { VersionJob, VersionTold } from './version-job.js';

const job = JSON.parse(process.argv[2] ?? '') as VersionJob;

interface Optics {
  array(): Float64Array;
  small(): number[];
}

class Night {
  constructor(readonly optics: Optics) {}
}

/** An analyzer of some code: the number is part of that. */
function opticsOf(number: number): Optics {
  class Made implements Optics {
    @cacheOnDisk({ name: 'array' })
    array(): Float64Array {
      return new Float64Array(1000 + number).fill(number);
    }

    @cacheOnDisk({ name: 'small' })
    small(): number[] {
      return [number, number];
    }
  }
  return new Made();
}

function run({ number, readonly = false }: VersionJob['programs'][number]): VersionTold {
  const told: VersionTold = { number, hit: '', isRight: false, troubles: [] };
  configure({ readonly });
  events.removeAllListeners();
  events.on('hit', ({ reason }) => (told.hit = reason ?? ''));
  for (const type of ['corrupt', 'fault', 'uncacheable', 'mutated'] as const) {
    events.on(type, ({ method, reason }) => void told.troubles.push(`${type} ${method}: ${String(reason)}`));
  }
  const night = new Night(opticsOf(number));
  setTmpdir(night, job.tmpdir);
  setTag(night, 'versions');
  const value = [...night.optics[job.kind]()];
  untag(night);
  const length = { array: 1000 + number, small: 2 }[job.kind];
  told.isRight = value.length === length && value.every((each) => each === number);
  return told;
}

const told = job.programs.map((program, place) => {
  if (job.step !== undefined && place === job.programs.length - 1) killAtStep(job.step);
  return run(program);
});
process.stdout.write(JSON.stringify(told));
