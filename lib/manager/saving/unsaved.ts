/**
 * Caches with changes that are not saved: the process does not end without them, if it ends in order. Signals keep
 * their meaning: while there is nothing to save, no listener of ours is there; other listeners run as ever; and where
 * there are none, the signal ends the process as if there had never been one.
 */
import { inBackground } from '../contract/quietly.js';

/** A cache, as the end of the process sees it. */
export interface Unsaved {
  /**
   * Saves, waiting for nothing that the event loop would have to do. Never throws.
   * @returns whether all is saved; the rest needs the event loop
   */
  saveAtOnce(): boolean;
  /** Saves. Never rejects. */
  saveInTime(): Promise<void>;
  /** Is it saved by a function of the user's own, which may do anything? */
  readonly hasOwnSaver: boolean;
  /** The changes that are lost if the process ends now, and why. */
  readonly loss: string;
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Seconds that savers which need the event loop get after a signal. */
const PATIENCE = 10;

const unsaved = new Set<Unsaved>();
/** Those that were saved at the end of the event loop, and have not changed since: where that failed, once is enough. */
const tried = new Set<Unsaved>();
let isEnding = false;

/** Notes that a cache has something to save. */
export function enterUnsaved(cache: Unsaved): void {
  if (tried.size > 0) tried.delete(cache);
  if (unsaved.has(cache)) return;
  unsaved.add(cache);
  if (unsaved.size === 1) listen();
}

/** Notes that it has not. */
export function leaveUnsaved(cache: Unsaved): void {
  if (unsaved.delete(cache) && unsaved.size === 0) stopListening();
}

function listen(): void {
  process.on('exit', saveAtExit);
  process.on('beforeExit', saveBeforeExit);
  // First, so that a listener for one time is still there to be seen.
  for (const signal of SIGNALS) process.prependListener(signal, endBySignal);
}

function stopListening(): void {
  process.off('exit', saveAtExit);
  process.off('beforeExit', saveBeforeExit);
  for (const signal of SIGNALS) process.off(signal, endBySignal);
}

/**
 * Functions of users come last: what they do, ending the process for example, costs no other cache its changes.
 * @returns those that need the event loop, or could not be saved
 */
function saveAll(): Unsaved[] {
  const inOrder = [...unsaved].sort((one, other) => Number(one.hasOwnSaver) - Number(other.hasOwnSaver));
  return inOrder.filter((cache) => !cache.saveAtOnce());
}

function saveAtExit(): void {
  sayLosses(saveAll());
}

/** A process warning would come after the end. */
function sayLosses(caches: Iterable<Unsaved>): void {
  for (const { loss } of caches) process.stderr.write(`(stowage:${process.pid}) [STOWAGE_CACHE_NOT_SAVED] ${loss}\n`);
}

/** What needs the event loop can have it once more. */
function saveBeforeExit(): void {
  for (const cache of unsaved) {
    if (tried.has(cache)) continue;
    tried.add(cache);
    inBackground(cache.saveInTime());
  }
}

function endBySignal(signal: NodeJS.Signals): void {
  const othersListen = process.listenerCount(signal) > 1;
  const left = saveAll();
  if (othersListen) {
    for (const cache of left) inBackground(cache.saveInTime());
    return;
  }
  // A user who sends the signal twice does not want to wait.
  if (left.length === 0 || isEnding) {
    raise(signal);
    return;
  }
  isEnding = true;
  // Waiting for this keeps the process alive, as what the savers wait for may not.
  const timer = setTimeout(raise, PATIENCE * 1000, signal);
  inBackground(
    Promise.all(left.map(async (cache) => cache.saveInTime())).finally(() => {
      clearTimeout(timer);
      raise(signal);
    }),
  );
}

/** The signal once more, now that only its default action is left. */
function raise(signal: NodeJS.Signals): void {
  sayLosses(unsaved);
  stopListening();
  process.kill(process.pid, signal);
}
