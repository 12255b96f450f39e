/** Managers of caches for specs, which leave nothing behind, and a clock that a spec lets run. */
import { CacheManager } from '#lib/manager/manager.js';
import type { TimerClock } from '#lib/base/clock.js';

const open: CacheManager[] = [];

/** Ends all managers that are open, as is done after every test. */
export async function closeManagers(): Promise<void> {
  for (const manager of open.splice(0)) await end(manager);
}

/** A manager as a process of its own would have it. One of before that had the folder must have ended. */
export function managerIn(baseFolder: string, clock?: TimerClock, name = 'general'): CacheManager {
  const manager = new CacheManager(name, { baseFolder, ...(clock !== undefined && { clock }) });
  open.push(manager);
  return manager;
}

/** What the end of a process does. Caches that cannot be saved are let go unsaved. */
export async function end(manager: CacheManager): Promise<void> {
  for (const name of manager.names) {
    const cache = manager.retrieveOrThrow(name);
    await cache.deregister().catch(async () => {
      cache.invalidate({ dependents: false });
      await cache.deregister();
    });
  }
}

interface Timer {
  at: number;
  action: () => void;
}

/** Time that passes when a spec says so. */
export class ManualClock implements TimerClock {
  private time = 1000.25;
  private timers: Timer[] = [];

  now(): number {
    return this.time;
  }

  after(seconds: number, action: () => void): () => void {
    const timer = { at: this.time + seconds, action };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((each) => each !== timer);
    };
  }

  /** Time passes while nothing can happen. */
  sleep(seconds: number): void {
    this.time += seconds;
    this.advance(0);
  }

  /** Lets time pass, and what is due happen at its moment. */
  advance(seconds: number): void {
    const end = this.time + seconds;
    for (;;) {
      const due = this.timers.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
      if (due === undefined) break;
      this.timers = this.timers.filter((each) => each !== due);
      this.time = Math.max(this.time, due.at);
      due.action();
    }
    this.time = end;
  }
}
