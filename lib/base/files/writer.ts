/** Who writes: a mark in the name of every temporary file, by which others can tell whether its writer still lives. */
import { hash } from 'node:crypto';
import { uptime } from 'node:os';
import { fateOf, thisProcess, type Runner } from '../run/liveness.js';

/** Stands in a mark for an unknown number. */
const UNKNOWN = '0';
/** As temporary names end: the writer, a few random digits, `.tmp`. */
const ENDING = /\.([0-9a-f]{6})-([0-9a-f]{5}|0)-([0-9a-f]{4}|0)-(\d{1,10})-([0-9a-z]{1,12})-[0-9a-f]{10}\.tmp$/;

/** The facts as a mark has them: short, so that with the longest name of an entry, a digest and an extension the whole fits into 255 bytes. */
function markOf({ host, boot, pidNamespace, pid, started }: Runner): [string, string, string, number, string] {
  const short = (text: string | undefined, length: number): string =>
    text === undefined ? UNKNOWN : hash('sha256', text, 'hex').slice(0, length);
  const moment = started === undefined ? UNKNOWN : Number(started).toString(36);
  return [short(host, 6), short(boot, 5), short(pidNamespace, 4), pid, moment];
}

let own: string | undefined;

/** The mark of this process: `<host>-<boot>-<pid namespace>-<pid>-<start>`. */
export function writerMark(): string {
  return (own ??= markOf(thisProcess()).join('-'));
}

/** The name that a temporary file was to get; `undefined` where it is none of ours. */
export function finalNameOf(name: string): string | undefined {
  const match = ENDING.exec(name);
  return match === null ? undefined : name.slice(0, match.index);
}

/** A file of another host, or of another container of this one, is given up after this many seconds without a change. */
const LONGEST_WRITE = 86_400;

/**
 * Is a temporary file left over: will no process finish it?
 * @param name as `temporaryName` makes them; other names are never leftovers
 * @param changedAt when the file was last written, in seconds since the epoch
 */
export function isLeftBehind(name: string, changedAt: number): boolean {
  const match = ENDING.exec(name);
  if (match === null) return false;
  const writer = runnerOf(match.slice(1));
  const me = runnerOf(writerMark().split('-'));
  // Before this boot, none wrote to a disk of this host; but another one of the same name may be alive.
  const longest = {
    alive: Infinity,
    dead: -Infinity,
    rebooted: Math.min(LONGEST_WRITE, uptime() + 1),
    unseen: LONGEST_WRITE,
  };
  // A few digits of its boot do not tell a host from all others.
  const fate = writer.host === me.host ? fateOf(writer, me) : 'unseen';
  return Date.now() / 1000 - changedAt > longest[fate];
}

/** What a mark says of a writer: parts of digests, which are as good for comparing. */
function runnerOf([host = '', boot = '', pidNamespace = '', pid, started = '']: readonly string[]): Runner {
  const isKnown = boot !== UNKNOWN;
  return {
    host,
    pid: Number(pid),
    ...(isKnown && { boot, pidNamespace, started: String(Number.parseInt(started, 36)) }),
  };
}
