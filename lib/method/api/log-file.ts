/** A log file: one line an event. */
import * as fs from 'node:fs';
import type * as Pino from 'pino';
import { didYouMean } from '../../base/did-you-mean.js';
import { InvalidOptionError } from '../../base/errors.js';
import { events, EVENT_TYPES, type EventType, type StowageEvent } from '../../base/events.js';
import { load } from '../../base/packages/optional.js';
import { userPath } from '../../base/files/user-path.js';

/** How much to log: everything; what changes the disk or needs attention; what needs attention; what went wrong. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

const LEVEL_OF: Record<EventType, LogLevel> = {
  hit: 'debug',
  miss: 'debug',
  untagged: 'debug',
  evict: 'debug',
  store: 'info',
  wait: 'info',
  stale: 'info',
  shared: 'warn',
  uncacheable: 'warn',
  mutated: 'warn',
  corrupt: 'warn',
  refused: 'warn',
  fault: 'error',
};

/**
 * Writes one line an event to a file, from now on: JSON with `time`, `level`, `name`, `tag`, `entry`, `event`, and
 * `seconds`, `file`, `reason`, `error` where there are any; `pandas.read_json(file, lines=True)` reads it. A second
 * call adds a second file. Lines are appended and written at once.
 *
 * @param file a path or a file URL; `~` is the home folder
 * @param options `level`: the least that is logged, default `'debug'`; `name`: who logs, default `'stowage'`
 * @returns stops the logging and closes the file
 * @throws InvalidOptionError where the file cannot be written, or the level is none
 */
export function setLogfile(file: string | URL, options: { level?: LogLevel; name?: string } = {}): () => void {
  const { level = 'debug', name = 'stowage' } = options;
  const pino = load<typeof Pino>('pino');
  if (!Object.values(LEVEL_OF).includes(level)) {
    const hint = didYouMean(level, Object.values(LEVEL_OF));
    throw new InvalidOptionError(
      `setLogfile: level must be 'debug', 'info', 'warn' or 'error', not ${level as string}${hint}`,
    );
  }
  const path = userPath(file);
  if (path === undefined)
    throw new InvalidOptionError(`setLogfile: ${String(file)} cannot be written: it must be the path of a file`);
  const destination = open(pino, path);
  let stopped = false;
  const logger = pino.pino(
    {
      level,
      name,
      formatters: { level: (label) => ({ level: label }) },
      base: { name },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    destination,
  );
  const log = (event: StowageEvent): void => {
    const { type, tag, instance, method, error, ...rest } = event;
    const line = { tag, entry: entryOf(instance, method), event: type, ...rest, error: error?.message };
    logger[LEVEL_OF[type]](line);
  };
  for (const type of EVENT_TYPES) events.on(type, log);
  return () => {
    for (const type of EVENT_TYPES) events.off(type, log);
    if (stopped) return;
    stopped = true;
    try {
      destination.end();
    } catch {
      // A full disk does not take the last lines either; that it did not take those before has been said.
    }
  };
}

function entryOf(instance: string, method: string): string {
  return [instance, method].filter((part) => part !== '').join('.');
}

/** Synchronous, so that a crash loses no line and a file that cannot be written says so here. */
function open(pino: typeof Pino, file: string): ReturnType<typeof Pino.destination> {
  try {
    // A named pipe that nothing reads would be waited for.
    if (fs.statSync(file, { throwIfNoEntry: false })?.isFIFO() === true) {
      fs.closeSync(fs.openSync(file, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK));
    }
    return pino.destination({ dest: file, sync: true, append: true });
  } catch (error) {
    throw new InvalidOptionError(`setLogfile: ${file} cannot be written: ${String(error)}; choose another file`, {
      cause: error,
    });
  }
}
