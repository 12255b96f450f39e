import { readdirSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { events, setTag, setTmpdir, StowageError, untag, type EventType, type StowageEvent } from 'stowage';

const tagged: object[] = [];
const silencers: (() => void)[] = [];

/** After every test: none leaves a tagged root or a listener behind. */
export function endAnalyses(): void {
  for (const root of tagged.splice(0)) untag(root);
  for (const silence of silencers.splice(0)) silence();
}

/** Tags a root under a tmpdir, until the end of the test. */
export function tagIn<T extends object>(tmpdir: string, root: T, tag = 'night'): T {
  tagged.push(root);
  setTmpdir(root, tmpdir);
  setTag(root, tag);
  return root;
}

/** Collects the events of some types until the end of the test. */
export function listen(...types: EventType[]): StowageEvent[] {
  const heard: StowageEvent[] = [];
  const note = (event: StowageEvent): void => {
    heard.push(event);
  };
  for (const type of types) {
    events.on(type, note);
    silencers.push(() => events.off(type, note));
  }
  return heard;
}

/** Every file below a folder, relative and sorted, save the marks of cache folders and claims, which pass by themselves. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'CACHEDIR.TAG' && !entry.name.endsWith('.claim'))
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.length + 1))
    .sort();
}

/** The code of the StowageError that `action` throws; an error when it does not. */
export function codeThrownBy(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof StowageError) return error.code;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** Collects garbage until `done` says so; `false` when it never does. */
export async function collected(done: () => boolean): Promise<boolean> {
  for (let attempt = 0; attempt < 50; attempt++) {
    // References that this turn has looked at live until the next one.
    await nextTurn();
    globalThis.gc?.();
    if (done()) return true;
  }
  return false;
}
