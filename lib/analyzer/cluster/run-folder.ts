/**
 * The folder of one run on several hosts, beside the tags' folders: the plan, what was submitted, what the parts say, and
 * at last that it is over. Whoever asks for the same while it is not over goes on with it.
 */
import * as fs from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { FormatError, UnsafeFolderError } from '../../base/errors.js';
import { isErrno } from '../../base/files/files.js';
import { fateOf, thisProcess, type Runner } from '../../base/run/liveness.js';
import { checkFolder } from '../../store/disk/folder.js';
import { parsePlan, type Plan } from './plan.js';

/** Parts that were handed to a scheduler together. */
export interface Submission {
  parts: readonly number[];
  by: Runner;
}

/** How a run ended. */
export interface Over {
  how: 'done' | 'cancelled' | 'refused';
}

/** Seconds after which a submission by another host, of which nothing was seen, is taken for one that never was. */
const LONGEST_SUBMISSION = 60;

export class RunFolder {
  private constructor(
    readonly path: string,
    readonly plan: Plan,
  ) {}

  /**
   * A run that is there.
   * @throws UnsafeFolderError where its plan is another user's: it says which code is run
   * @throws FormatError where it is of another version
   */
  static open(path: string): RunFolder {
    const file = join(path, 'plan.json');
    const user = process.geteuid?.();
    const { uid } = fs.lstatSync(file);
    if (user !== undefined && uid !== user)
      throw new UnsafeFolderError(`${file} belongs to another user, and what a plan says is run: nothing of it was`);
    return new RunFolder(path, parsePlan(fs.readFileSync(file, 'utf8'), file));
  }

  /**
   * The run of some work that is not over, and else a new one.
   * @param home the folder of the tags
   * @param digest of the work
   */
  static enter(home: string, digest: string, makePlan: () => Plan): RunFolder {
    const runs = folderOfRuns(home, digest);
    for (;;) {
      const numbers = numbersIn(runs);
      const last = numbers.at(-1) ?? 0;
      const run = last === 0 ? undefined : openIfUsable(join(runs, String(last)));
      if (run !== undefined && run.over() === undefined) return run;
      const made = startRun(runs, last + 1, makePlan());
      // Those before the one that has just ended say nothing that anyone would look for.
      for (const number of numbers.slice(0, -1))
        fs.rmSync(join(runs, String(number)), { recursive: true, force: true });
      if (made) return RunFolder.open(join(runs, String(last + 1)));
    }
  }

  get parts(): string {
    return join(this.path, 'parts');
  }

  get logs(): string {
    return join(this.path, 'logs');
  }

  /** What was submitted until now. */
  submissions(): Submission[] {
    return numbersIn(join(this.path, 'submissions')).map((number) => this.submission(number));
  }

  /**
   * Says that parts are about to be submitted, before any other process does.
   * @param number how many submissions there were
   * @returns whether they are this process's to submit
   */
  claimSubmission(number: number, parts: readonly number[]): boolean {
    const submission: Submission = { parts, by: thisProcess() };
    try {
      fs.writeFileSync(this.submissionFile(number), JSON.stringify(submission), { flag: 'wx', mode: 0o600 });
      return true;
    } catch (error) {
      if (isErrno(error, 'EEXIST')) return false;
      throw error;
    }
  }

  /** They were submitted. */
  confirmSubmission(number: number, words: string): void {
    fs.writeFileSync(`${this.submissionFile(number)}.done`, words, { mode: 0o600 });
  }

  /** They were refused. */
  withdrawSubmission(number: number): void {
    fs.rmSync(this.submissionFile(number), { force: true });
  }

  /** Is the last submission still on its way to the scheduler, so that it cannot be seen there? */
  isSubmitting(): boolean {
    const last = numbersIn(join(this.path, 'submissions')).at(-1);
    if (last === undefined || fs.existsSync(`${this.submissionFile(last)}.done`)) return false;
    const fate = fateOf(this.submission(last).by, thisProcess());
    if (fate !== 'unseen') return fate === 'alive';
    return Date.now() - fs.statSync(this.submissionFile(last)).mtimeMs < LONGEST_SUBMISSION * 1000;
  }

  /** How it ended; `undefined` while it has not. */
  over(): Over | undefined {
    try {
      return JSON.parse(fs.readFileSync(join(this.path, 'over.json'), 'utf8')) as Over;
    } catch (error) {
      if (isErrno(error, 'ENOENT')) return undefined;
      throw error;
    }
  }

  end(how: Over['how']): void {
    try {
      fs.writeFileSync(join(this.path, 'over.json'), JSON.stringify({ how } satisfies Over), {
        flag: 'wx',
        mode: 0o600,
      });
    } catch (error) {
      // Another process has followed it to its end.
      if (!isErrno(error, 'EEXIST')) throw error;
    }
  }

  private submission(number: number): Submission {
    return JSON.parse(fs.readFileSync(this.submissionFile(number), 'utf8')) as Submission;
  }

  private submissionFile(number: number): string {
    return join(this.path, 'submissions', String(number));
  }
}

/** One of another version, or half removed, is nothing to go on with. */
function openIfUsable(path: string): RunFolder | undefined {
  try {
    return RunFolder.open(path);
  } catch (error) {
    if (error instanceof FormatError || isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Private to the user, as what lies there says which code is run. */
function folderOfRuns(home: string, digest: string): string {
  const own = join(home, `.precompute-${process.geteuid?.() ?? 'user'}`);
  fs.mkdirSync(home, { recursive: true, mode: 0o700 });
  const runs = join(own, digest);
  fs.mkdirSync(runs, { recursive: true, mode: 0o700 });
  checkFolder(own);
  return runs;
}

/** Whole from its first moment, by renaming. @returns whether it was not there yet */
function startRun(runs: string, number: number, plan: Plan): boolean {
  const fresh = join(runs, `new-${randomBytes(6).toString('hex')}`);
  for (const folder of ['parts', 'logs', 'submissions'])
    fs.mkdirSync(join(fresh, folder), { recursive: true, mode: 0o700 });
  fs.writeFileSync(join(fresh, 'plan.json'), `${JSON.stringify(plan, undefined, 1)}\n`, { mode: 0o400 });
  try {
    fs.renameSync(fresh, join(runs, String(number)));
    return true;
  } catch (error) {
    fs.rmSync(fresh, { recursive: true, force: true });
    if (isErrno(error, 'ENOTEMPTY') || isErrno(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Names that are numbers, in their order. */
function numbersIn(folder: string): number[] {
  return fs
    .readdirSync(folder)
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((one, other) => one - other);
}
