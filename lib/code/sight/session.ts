/**
 * A session of V8's inspector with this very thread, which answers at once. It lasts for one turn of the event loop; only
 * the domain Runtime is used, with nothing enabled in it, and Debugger for as long as it takes to list what is loaded.
 */
import type { EventEmitter } from 'node:events';
import type * as inspector from 'node:inspector';
import { atEndOfTurn } from '../../base/run/at-end-of-turn.js';

/** Thrown where nothing can be looked into in this process. */
export class NoInspector extends Error {}

let session: inspector.Session | undefined;
/** Said once, and not tried again. */
let failure: NoInspector | undefined;

/** Asks the inspector. @throws NoInspector */
export function ask<Result>(method: string, params: object): Result {
  let answer: { error: Error | null; result: unknown } | undefined;
  connected().post(method, params, (error, result) => {
    answer = { error, result };
  });
  if (answer === undefined) throw fail(new Error('it does not answer at once'));
  if (answer.error !== null) throw answer.error;
  return answer.result as Result;
}

/** Listens to the inspector's messages of one kind for as long as the work takes. */
export function listening<Params>(event: string, listener: (params: Params) => void, work: () => void): void {
  const heard = ({ params }: { params: Params }): void => {
    listener(params);
  };
  const asked: EventEmitter = connected();
  asked.on(event, heard);
  try {
    work();
  } finally {
    asked.off(event, heard);
  }
}

function connected(): inspector.Session {
  if (failure !== undefined) throw failure;
  if (session !== undefined) return session;
  try {
    const fresh = new (process.getBuiltinModule('node:inspector').Session)();
    fresh.connect();
    session = fresh;
  } catch (error) {
    throw fail(error);
  }
  atEndOfTurn(disconnect);
  return session;
}

function fail(cause: unknown): NoInspector {
  disconnect();
  failure = new NoInspector(cause instanceof Error ? cause.message : String(cause), { cause });
  return failure;
}

function disconnect(): void {
  try {
    session?.disconnect();
  } catch {
    // Then it was not connected.
  }
  session = undefined;
}
