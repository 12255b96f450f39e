/** An upstream result is computed again, on the way of a call that wants to know whether it is still what it was. */
import { perform, type Flow } from '../../base/run/flow.js';
import { Computation, drive } from '../../call/computation.js';
import type { Outcome } from '../../call/question.js';
import { Frame, type Verdict } from '../../trace/frame.js';
import type { MethodInfo } from '../state/method-info.js';

/** How a call is answered: at once, by a computation, by one that is under way, or without the cache. */
export type Answer = { outcome: Outcome } | Computation | { joined: Promise<Outcome> } | { uncached: unknown };

/** Asks for the value of a call. */
export type Ask = (info: MethodInfo, analyzer: object, args: readonly unknown[], caller: Frame | undefined) => Answer;

export function* recompute(
  ask: Ask,
  frame: Frame,
  info: MethodInfo,
  analyzer: object,
  args: readonly unknown[],
  isAsync: boolean,
): Flow<Verdict> {
  // Who looks at a result does not need it: a circle through here is none, and is left.
  const look = new Frame(frame.name, frame.analyzer, frame);
  const asked = (): Answer => {
    frame.waitsFor.add(look);
    return ask(info, analyzer, args, look);
  };
  return yield* perform<Verdict>({
    sync() {
      if (isAsync || info.isAsync) return mayWait;
      look.look = {};
      try {
        const answer = asked();
        if ('joined' in answer) {
          answer.joined.catch(() => undefined);
          return mayWait;
        }
        if (!(answer instanceof Computation)) return verdictOn(answer);
        const returned = drive(answer);
        if (answer.outcome !== undefined) return verdictOn(answer);
        (returned as Promise<unknown>).catch(() => undefined);
        return mayWait;
      } catch (error) {
        return failed(error);
      } finally {
        frame.waitsFor.delete(look);
      }
    },
    async async() {
      const left = new Promise<Verdict>((resolve) => {
        look.look = {
          leave() {
            frame.waitsFor.delete(look);
            resolve({ stale: 'it is being computed by what waits for this result' });
          },
        };
      });
      try {
        const answer = asked();
        return await Promise.race([verdictLater(answer), left]);
      } catch (error) {
        return failed(error);
      } finally {
        frame.waitsFor.delete(look);
      }
    },
  });
}

const mayWait: Verdict = { stale: 'it is asynchronous, and cannot be computed again on the way of a synchronous call' };

function failed(error: unknown): Verdict {
  return { stale: `computing it again failed: ${String(error)}` };
}

function verdictOn(answer: { outcome?: Outcome | undefined } | { uncached: unknown }): Verdict {
  return ('outcome' in answer ? answer.outcome?.use : undefined) ?? { stale: 'it cannot be stored' };
}

async function verdictLater(answer: Answer): Promise<Verdict> {
  if ('joined' in answer) return verdictOn({ outcome: await answer.joined });
  if (answer instanceof Computation) await drive(answer);
  return verdictOn(answer);
}
