/**
 * What an owner without a result leaves behind: its claim, marked as released, for as long as those who wait need to
 * see it. Nothing of it stays for ever.
 */
import { stopwatch } from '../../base/clock.js';
import { isSameClaim, readClaim, removeDeadClaim, rewriteClaim, type ClaimContent } from './claim-file.js';

/** Many times as long as anybody waits between two looks: a machine with too much to do lets a waiter sleep for seconds. */
const secondsToSee = 5;

const left: { file: string; content: ClaimContent; at: number }[] = [];
let timer: NodeJS.Timeout | undefined;
let watchesExit = false;

/** Marks a claim as released, and sees to it that the mark goes again. */
export function leaveMarker(file: string, content: ClaimContent): void {
  const released: ClaimContent = { ...content, released: true };
  if (!rewriteClaim(file, released)) return;
  left.push({ file, content: released, at: stopwatch() });
  if (!watchesExit) {
    watchesExit = true;
    process.once('exit', (code) => {
      // Who waits for one that failed, and took its process with it, has yet to see the mark; the next claimant removes it.
      if (code === 0) sweep(Infinity);
    });
  }
  sweep(stopwatch() - secondsToSee);
}

/** Removes what was left before `until`; a timer, which keeps no process alive, comes back for the rest. */
function sweep(until: number): void {
  for (let first = left[0]; first !== undefined && first.at <= until; first = left[0]) {
    left.shift();
    removeMarker(first.file, first.content);
  }
  if (left.length === 0 || timer !== undefined) return;
  timer = setTimeout(() => {
    timer = undefined;
    sweep(stopwatch() - secondsToSee);
  }, secondsToSee * 1000);
  timer.unref();
}

/** Removes a released claim: this one, or whichever is there. One that cannot be removed is the next claimant's to take. */
export function removeMarker(file: string, content?: ClaimContent): void {
  try {
    const found = readClaim(file);
    if (found?.content?.released !== true) return;
    if (content !== undefined && !isSameClaim(found, { text: '', content })) return;
    removeDeadClaim(file, found, stopwatch());
  } catch {
    // The disk refuses; the next call that stores there says so.
  }
}
