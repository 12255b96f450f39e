/** A thread that precomputes: computes the calls of one tag, one after the other. */
import { workerData } from 'node:worker_threads';
import { elapsedSince, stopwatch } from '../../base/clock.js';
import { StowageError } from '../../base/errors.js';
import { events, type EventType, type StowageEvent } from '../../base/events.js';
import { decodeWhole } from '../../codec/registry.js';
import { v8Codec } from '../../codec/v8/v8.js';
import { forget } from '../../method/api/clearing.js';
import { storedAt } from '../../method/report/inspect.js';
import { flushRemote } from '../../method/api/set-remote.js';
import { locate } from '../../method/call/locate.js';
import { codeOfItsClass } from '../../method/state/method-code.js';
import type { Identity } from '../../store/record/identity.js';
import { analyzerFrom, placed, type MakeAnalyzer } from './load-analyzer.js';
import { plannedCalls, type PlannedCall } from './planned-calls.js';
import { markAsWorker } from './precompute-thread.js';
import type { ThreadData } from './task-thread.js';
import {
  sendError,
  type CallState,
  type Job,
  type Message,
  type SentError,
  type Task,
  type TaskEnd,
} from './precompute-messages.js';

markAsWorker();

let loaded: Promise<MakeAnalyzer> | undefined;
/** Has nothing been computed here yet? What a variable of a module holds is a part of the code, and computing may change it. */
let isFresh = true;

// Not the thread's own port, which the program may use.
const { port: tasks } = workerData as ThreadData;
tasks.on('message', (task: Task) => {
  work(task).then(
    (end) => {
      tasks.postMessage(end);
    },
    (error: unknown) => {
      throw error;
    },
  );
});

/** Runs a task. What goes wrong is told, never thrown. */
async function work({ job, tag, skip, checkOnly, port }: Task): Promise<TaskEnd> {
  const tell = (message: Message): void => {
    port.postMessage(message);
  };
  let make: MakeAnalyzer;
  try {
    make = await (loaded ??= analyzerFrom(job.module, job.analyzer));
  } catch (error) {
    return { type: 'refused', error: sendError(error) };
  }
  let analyzer: object;
  try {
    analyzer = placed(await make(tag, decoded(job.args)), tag, job);
  } catch (error) {
    return { type: 'unmade', error: sendError(error) };
  }
  let calls: PlannedCall[];
  try {
    calls = plannedCalls(analyzer, namedCalls(job));
  } catch (error) {
    return { type: checkOnly ? 'refused' : 'unmade', error: sendError(error) };
  }
  tell({ type: 'calls', names: calls.map(({ name }) => name), ...(isFresh && { code: codeOfCalls(calls) }) });
  isFresh = false;
  for (const call of checkOnly ? [] : calls) {
    if (skip.includes(call.name)) continue;
    tell({ type: 'begin', name: call.name });
    const start = stopwatch();
    const outcome = await outcomeOf(call);
    tell({ type: 'end', name: call.name, seconds: elapsedSince(start), ...outcome });
  }
  forget(analyzer);
  // The thread may be ended once it is done.
  await flushRemote();
  return { type: 'done' };
}

function codeOfCalls(calls: readonly PlannedCall[]): Record<string, string> {
  return Object.fromEntries(calls.map(({ name, info, analyzer }) => [name, codeOfItsClass(info, analyzer).digest]));
}

function namedCalls({ calls }: Job): { method: string; args: readonly unknown[] }[] | undefined {
  return calls?.map(({ method, args }) => ({ method, args: decoded(args) }));
}

function decoded(args: Uint8Array): readonly unknown[] {
  return decodeWhole(v8Codec, { type: '', chunks: [args] }) as readonly unknown[];
}

async function outcomeOf({
  name,
  info,
  analyzer,
  args,
}: PlannedCall): Promise<{ state: CallState; error?: SentError }> {
  let hearing: Hearing | undefined;
  try {
    const located = locate(info, analyzer, args);
    hearing = new Hearing(located?.identity);
    await Reflect.apply(info.wrapper, analyzer, args);
    if (located === undefined || storedAt(located) === undefined) throw notStored(name, hearing.reason);
    return { state: hearing.isComputed ? 'computed' : 'found' };
  } catch (error) {
    return { state: 'failed', error: sendError(error) };
  } finally {
    hearing?.end();
  }
}

function notStored(name: string, reason = 'it has no place on disk'): StowageError {
  return new StowageError('STOWAGE_NOT_STORED', `${name} was computed, but could not be stored: ${reason}`);
}

const TOLD = ['miss', 'uncacheable', 'mutated', 'fault'] as const satisfies EventType[];

/** The events of one call while it runs. */
class Hearing {
  isComputed = false;
  /** Why it was not stored. */
  reason: string | undefined;

  constructor(private readonly identity: Identity | undefined) {
    for (const type of TOLD) events.on(type, this.note);
  }

  end(): void {
    for (const type of TOLD) events.off(type, this.note);
  }

  private readonly note = ({ type, instance, method, key, reason, error }: StowageEvent): void => {
    const { identity } = this;
    if (instance !== identity?.instance || method !== identity.method || key !== identity.key) return;
    if (type === 'miss') this.isComputed = true;
    // Of a fault, the reason is a code.
    else this.reason = type === 'fault' ? error?.message : reason;
  };
}
