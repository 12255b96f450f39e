/** What the precomputing thread and its workers tell each other. */
import type { MessagePort } from 'node:worker_threads';
import { InvalidOptionError, StowageError } from '../../base/errors.js';
import { isError } from '../../base/thrown.js';

/** The methods and arguments to compute, as they can be sent to a thread. */
export interface Job {
  /** URL of the module that exports the analyzer. */
  module: string;
  /** Name of the export. */
  analyzer: string;
  /** Further arguments of the constructor or function, encoded. */
  args: Uint8Array;
  /** Absent: every cached getter and method that needs no arguments. */
  calls?: readonly { method: string; args: Uint8Array }[];
  tmpdir?: string;
  prefix?: string;
}

/** One task of a worker: all calls of a tag, or, to be checked, none. */
export interface Task {
  job: Job;
  tag: string;
  /** Names of calls that are done already. */
  skip: readonly string[];
  /** Only list the calls, without computing. */
  checkOnly: boolean;
  port: MessagePort;
}

/** What became of a call. */
export type CallState = 'computed' | 'found' | 'failed';

/** In this order: what there is to do, and of each call that it is begun and what became of it. */
export type Message =
  | {
      type: 'calls';
      names: string[];
      /** Digests of the code of the methods, by the same names, with a thread's first task: before it computes anything. */
      code?: Record<string, string>;
    }
  | { type: 'begin'; name: string }
  | { type: 'end'; name: string; state: CallState; seconds: number; error?: SentError };

/** How a task ended. `'refused'`: the analyzer or a method does not exist, whatever the tag. */
export type TaskEnd = { type: 'done' } | { type: 'unmade'; error: SentError } | { type: 'refused'; error: SentError };

/** An error as it survives the way: structured cloning drops the code, and the class of one's own. */
export interface SentError {
  name: string;
  message: string;
  stack?: string;
  code?: string;
  isOurs: boolean;
}

export function sendError(thrown: unknown): SentError {
  if (!isError(thrown)) return { name: 'Error', message: String(thrown), isOurs: false };
  const { name, message, stack, code } = thrown as Error & { code?: unknown };
  return {
    name,
    message,
    ...(typeof stack === 'string' && { stack }),
    ...(typeof code === 'string' && { code }),
    isOurs: thrown instanceof StowageError,
  };
}

export function receiveError({ name, message, stack, code, isOurs }: SentError): Error {
  const error =
    isOurs && code !== undefined
      ? ours(code, message)
      : Object.assign(new Error(message), code !== undefined && { code });
  if (error.name !== name) Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true });
  if (stack !== undefined) error.stack = stack;
  return error;
}

function ours(code: string, message: string): StowageError {
  return code === 'STOWAGE_INVALID_OPTION' ? new InvalidOptionError(message) : new StowageError(code, message);
}
