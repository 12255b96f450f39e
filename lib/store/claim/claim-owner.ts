/**
 * Who holds a claim, and whether it lives: the thread that computes, told from every other one that ever had its
 * numbers by the boot of its host, its pid namespace, and the moment at which it started (proc(5)).
 */
import * as fs from 'node:fs';
import { hostname } from 'node:os';
import { isRunning, signals, taskOf } from '../../base/run/task.js';

/** A thread of a process of a host, as others can look for it. Without `/proc` only host and process are known. */
export interface Owner {
  host: string;
  pid: number;
  /** Boot id of the host. */
  boot?: string;
  /** The pid namespace: containers of one host number their processes apart. */
  pidNamespace?: string;
  /** The thread's number, which for the main thread is the process's. */
  thread?: number;
  /** When the thread started, in clock ticks since boot; numbers are used again, moments are not. */
  started?: string;
}

/**
 * - `alive`, `dead`: seen from here
 * - `rebooted`: its host, or one that had its disk, runs another boot, if the disk is local
 * - `unseen`: on another host, or in another container of this one
 */
export type Fate = 'alive' | 'dead' | 'rebooted' | 'unseen';

let self: Owner | undefined;

/** The running thread. */
export function thisOwner(): Owner {
  return (self ??= lookAtSelf());
}

function lookAtSelf(): Owner {
  const bare: Owner = { host: hostname(), pid: process.pid };
  try {
    const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const pidNamespace = fs.readlinkSync('/proc/self/ns/pid');
    const match = /^(\d+)\/task\/(\d+)$/.exec(fs.readlinkSync('/proc/thread-self'));
    const thread = Number(match?.[2]);
    const task = Number(match?.[1]) === process.pid ? taskOf(process.pid, thread) : undefined;
    // A /proc of another pid namespace shows other numbers than those that signals know.
    if (boot === '' || task === undefined) return bare;
    return { ...bare, boot, pidNamespace, thread, started: task.started };
  } catch {
    return bare;
  }
}

/** Are both the same thread? */
export function isSameOwner(one: Owner, other: Owner): boolean {
  const facts = ['host', 'pid', 'boot', 'pidNamespace', 'thread', 'started'] as const;
  return facts.every((fact) => one[fact] === other[fact]);
}

/** Is the thread still there, as far as can be told from here? */
export function fateOf(owner: Owner, me: Owner = thisOwner()): Fate {
  if (me.boot !== undefined && owner.boot !== undefined) {
    if (owner.boot !== me.boot) return 'rebooted';
    if (owner.pidNamespace !== me.pidNamespace) return 'unseen';
    return fateOfTask(owner);
  }
  if (owner.boot !== me.boot || owner.host !== me.host) return 'unseen';
  return signals(owner.pid) === 'ESRCH' ? 'dead' : 'alive';
}

function fateOfTask(owner: Owner): Fate {
  const task = taskOf(owner.pid, owner.thread ?? owner.pid);
  // A process of another user may be hidden; then only signals can tell.
  if (task === undefined) return signals(owner.pid) === 'EPERM' ? 'unseen' : 'dead';
  return task.started === owner.started && isRunning(task) ? 'alive' : 'dead';
}
