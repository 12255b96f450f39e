/**
 * Who writes: a mark in the name of every temporary file, by which others can tell whether its writer still lives.
 * Where there is no `/proc`, only host and process are known.
 */
import { hash } from 'node:crypto';
import * as fs from 'node:fs';
import { hostname, uptime } from 'node:os';
import { isRunning, signals, taskOf, type Task } from '../run/task.js';

/** A process among all that ever were: its host, the boot of that, the pid namespace, and when it started (proc(5)). */
interface Writer {
  host: string;
  boot: string;
  namespace: string;
  pid: string;
  /** Clock ticks since boot, in base 36: numbers of processes are used again, moments are not. */
  started: string;
}

const unknown = '0';
/** As temporary names end: the writer, a few random digits, `.tmp`. */
const ending = /\.([0-9a-f]{6})-([0-9a-f]{5}|0)-([0-9a-f]{4}|0)-(\d{1,10})-([0-9a-z]{1,12})-[0-9a-f]{10}\.tmp$/;

let self: Writer | undefined;

function thisWriter(): Writer {
  return (self ??= {
    host: short(hostname(), 6),
    boot: systemToken(() => fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'), 5),
    namespace: systemToken(() => fs.readlinkSync('/proc/self/ns/pid'), 4),
    pid: String(process.pid),
    started: startOf(taskOf(process.pid)),
  });
}

function startOf(task: Task | undefined): string {
  return task === undefined ? unknown : Number(task.started).toString(36);
}

function systemToken(read: () => string, length: number): string {
  try {
    return short(read(), length);
  } catch {
    return unknown;
  }
}

/** Short, so that with the longest name of an entry, a digest and an extension the whole fits into 255 bytes. */
function short(text: string, length: number): string {
  return hash('sha256', text, 'hex').slice(0, length);
}

/** The mark of this process: `<host>-<boot>-<pid namespace>-<pid>-<start>`. */
export function writerMark(): string {
  const { host, boot, namespace, pid, started } = thisWriter();
  return [host, boot, namespace, pid, started].join('-');
}

/** The name that a temporary file was to get; `undefined` where it is none of ours. */
export function finalNameOf(name: string): string | undefined {
  const match = ending.exec(name);
  return match === null ? undefined : name.slice(0, match.index);
}

/** A file of another host, or of another container of this one, is given up after this many seconds without a change. */
const longestWrite = 86_400;

/**
 * Is a temporary file one that nobody is going to finish?
 * @param name as `temporaryName` makes them; other names are never leftovers
 * @param changedAt when the file was last written, in seconds since the epoch
 */
export function isLeftBehind(name: string, changedAt: number): boolean {
  const match = ending.exec(name);
  if (match === null) return false;
  const [, host, boot, namespace, pid = '', started] = match;
  const me = thisWriter();
  const age = Date.now() / 1000 - changedAt;
  if (host !== me.host || (boot === me.boot && namespace !== me.namespace)) return age > longestWrite;
  // Another host of the same name may be alive; nobody writes since before this boot to a disk of this host.
  if (boot !== me.boot) return age > Math.min(longestWrite, uptime() + 1);
  const task = taskOf(Number(pid));
  if (task === undefined) return signals(Number(pid)) === 'ESRCH' || (age > longestWrite && boot !== unknown);
  return startOf(task) !== started || !isRunning(task);
}
