/**
 * Whether a process or thread still lives: it is told from every other one that ever had its numbers by the boot of its host,
 * its pid namespace, and the moment at which it started (proc(5)).
 */
import * as fs from 'node:fs';
import { hostname } from 'node:os';
import { isRunning, signals, taskOf, type Task } from './task.js';

/** A process of a host, or a thread of it, as others can look for it. Without `/proc` only host and process are known. */
export interface Runner {
  host: string;
  pid: number;
  /** Boot id of the host. */
  boot?: string;
  /** The pid namespace: containers of one host number their processes apart. */
  pidNamespace?: string;
  /** The thread's number, which for the main thread is the process's. @defaultValue the main thread */
  thread?: number;
  /** When it started, in clock ticks since boot; numbers are used again, moments are not. */
  started?: string;
}

/**
 * - `alive`, `dead`: seen from here
 * - `rebooted`: its host, or another host that had its disk, runs another boot, if the disk is local
 * - `unseen`: on another host, or in another container of this one
 */
export type Fate = 'alive' | 'dead' | 'rebooted' | 'unseen';

/** This process, by its main thread. */
export function thisProcess(): Runner {
  return (ownProcess ??= lookAtSelf((pid) => ({ task: taskOf(pid) })));
}
let ownProcess: Runner | undefined;

/** The running thread. */
export function thisThread(): Runner {
  return (ownThread ??= lookAtSelf((pid) => {
    const match = /^(\d+)\/task\/(\d+)$/.exec(fs.readlinkSync('/proc/thread-self'));
    const thread = Number(match?.[2]);
    return { thread, task: Number(match?.[1]) === pid ? taskOf(pid, thread) : undefined };
  }));
}
let ownThread: Runner | undefined;

function lookAtSelf(find: (pid: number) => { thread?: number; task: Task | undefined }): Runner {
  const bare: Runner = { host: hostname(), pid: process.pid };
  try {
    const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const pidNamespace = fs.readlinkSync('/proc/self/ns/pid');
    const { task, ...thread } = find(process.pid);
    // A /proc of another pid namespace shows other numbers than those that signals know.
    if (boot === '' || task === undefined) return bare;
    return { ...bare, boot, pidNamespace, ...thread, started: task.started };
  } catch {
    return bare;
  }
}

/** Is it still there, as far as can be told from here? */
export function fateOf(runner: Runner, me: Runner = thisThread()): Fate {
  if (me.boot !== undefined && runner.boot !== undefined) {
    if (runner.boot !== me.boot) return 'rebooted';
    if (runner.pidNamespace !== me.pidNamespace) return 'unseen';
    return fateOfTask(runner);
  }
  if (runner.boot !== me.boot || runner.host !== me.host) return 'unseen';
  return signals(runner.pid) === 'ESRCH' ? 'dead' : 'alive';
}

function fateOfTask({ pid, thread = pid, started }: Runner): Fate {
  const task = taskOf(pid, thread);
  if (task !== undefined) return task.started === started && isRunning(task) ? 'alive' : 'dead';
  const signal = signals(pid);
  // A process of another user may be hidden, and files too many to open one more: then only signals can tell.
  return signal === 'ESRCH' || (signal === undefined && thread !== pid) ? 'dead' : 'unseen';
}
