/** What the window knows of a folder of tags, kept up to date while somebody looks. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Standing } from '../contract/messages.js';
import { Look } from './look.js';
import type { Row } from './row.js';
import { States } from './states.js';

/** Time between two looks, in ms: it grows with what a look takes. */
const PAUSE = 500;

export class Watch {
  private readonly look: Look;
  private version = 1;
  private isComplete = false;
  private states: { version: number; of: States; standing: Standing } | undefined;
  private readonly waiting = new Set<() => void>();

  constructor(tmpdir: string, prefix: string | undefined) {
    this.look = new Look(tmpdir, prefix, () => {
      this.version++;
    });
  }

  get rows(): ReadonlyMap<string, Row> {
    return this.look.rows;
  }

  /** Looks until it is told to end. @throws CommandError where the folder cannot be read at first */
  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const [began, before] = [performance.now(), this.version];
      try {
        await this.look.again();
      } catch (error) {
        // A folder that has gone may come back; one that could never be read is said so.
        if (!this.isComplete) throw error;
      }
      if (!this.isComplete) this.version++;
      this.isComplete = true;
      if (this.version !== before) this.tell();
      await wait(PAUSE + 5 * (performance.now() - began), undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** Looks now: something was just done. */
  async refresh(): Promise<void> {
    await this.look.again();
    this.version++;
    this.tell();
  }

  /** Waits for a change. */
  async change(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.waiting.add(done);
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    });
  }

  private tell(): void {
    for (const done of this.waiting) done();
  }

  /** The states of what was seen so far. */
  now(): { states: States; standing: Standing } {
    if (this.states?.version !== this.version) {
      const of = new States(this.rows.values(), this.look.tmpdir);
      this.states = { version: this.version, of, standing: this.standing(of) };
    }
    return { states: this.states.of, standing: this.states.standing };
  }

  private standing(states: States): Standing {
    const sum: Standing = {
      version: this.version,
      isComplete: this.isComplete,
      entries: 0,
      states: {},
      bytes: 0,
      seconds: 0,
      computing: this.look.computing,
    };
    for (const row of this.rows.values()) {
      sum.bytes += row.bytes;
      if (row.place.version !== undefined) continue;
      const { state } = states.of(row);
      sum.entries++;
      sum.states[state] = (sum.states[state] ?? 0) + 1;
      sum.seconds += row.seconds;
    }
    return sum;
  }
}
