/** What `verbosity` lets a cache say of itself on stderr. */
import { writeSync } from 'node:fs';
import { inspect } from 'node:util';
import type { EventType } from '../../base/events.js';
import { tell } from '../../store/entry/emit-entry-event.js';
import type { Verbosity } from './persist-options.js';
import type { Entry, Say } from '../shelf/shelf.js';

/** What can be said beside the events. */
export type Doing = 'look' | 'delete' | 'clear';

interface Line {
  /** The verbosity from which on it is said. */
  from: Verbosity;
  text: string;
}

const LINES: Readonly<Partial<Record<EventType | Doing, Line>>> = {
  corrupt: { from: 1, text: 'A stored result is damaged' },
  uncacheable: { from: 2, text: 'A result cannot be stored' },
  mutated: { from: 2, text: 'Something changed during the call' },
  stale: { from: 2, text: 'A stored result is out of date' },
  store: { from: 2, text: 'Stored a result' },
  clear: { from: 2, text: 'Clearing the cache' },
  delete: { from: 2, text: 'Deleting a result' },
  look: { from: 3, text: 'Looking for a result' },
  hit: { from: 3, text: 'Found it' },
  miss: { from: 3, text: 'Nothing to be used is stored' },
};

export class Narrator {
  constructor(
    private readonly name: string,
    private readonly verbosity: Verbosity,
  ) {}

  /** Emits an event, and says it if it is to be said. */
  readonly say: Say = (entry, type, more = {}) => {
    tell(entry, type, more);
    this.narrate(type, entry, more);
  };

  narrate(what: EventType | Doing, entry?: Entry, { file, reason }: { file?: string; reason?: string } = {}): void {
    const line = LINES[what];
    if (line === undefined || this.verbosity < line.from) return;
    const why = reason === undefined || what === 'hit' ? '' : `: ${reason}`;
    try {
      const details =
        this.verbosity < 4 || entry === undefined
          ? ''
          : ` (key ${inspect(entry.key, { depth: 2, breakLength: Infinity })}, ${file ?? entry.place.plain})`;
      writeSync(2, `${this.name}: ${line.text}${why}${details}\n`);
    } catch {
      // A pipe that is full or closed, or a key that cannot be shown: no call fails for want of a line.
    }
  }
}
