/**
 * Events say what happened. Logging, statistics, progress and provenance are listeners. The library itself prints
 * nothing, save one line a cause on stderr when the disk lets it down.
 */
import { EventEmitter } from 'node:events';
import { inspect } from 'node:util';
import { isPromise } from 'node:util/types';
import { didYouMean } from './did-you-mean.js';
import { InvalidOptionError } from './errors.js';
import { moveGate } from './gate.js';
import { isError } from './thrown.js';

/** The types of events, see {@link EventType}. */
export const EVENT_TYPES = [
  'hit',
  'miss',
  'store',
  'stale',
  'corrupt',
  'refused',
  'wait',
  'evict',
  'uncacheable',
  'untagged',
  'mutated',
  'shared',
  'fault',
] as const;

/**
 * What can happen.
 *
 * - `hit` a stored value was returned (`reason`: `'memory'`, `'disk'` or `'remote'`)
 * - `miss` no stored value could be used (`reason` says why); the method runs
 * - `store` a result was committed to disk (`seconds` is what computing it cost)
 * - `stale` a stored result is no longer what the method would return
 * - `corrupt` a stored result is damaged
 * - `refused` a remote has something in the place of a result that is not what it must be, by its signature, its digest, its name
 *   or its generation (`file` is its URL, `reason` says which); it was not used
 * - `wait` the call waits for another that computes the same entry
 * - `evict` a value left memory because the budget was full; it is still on disk. Or an item left a full `Cache` of
 *   stowage/kv (`file` is the cache's folder), and is gone
 * - `uncacheable` a result cannot be stored exactly (`error.path` says where)
 * - `untagged` an analyzer without a tag ran uncached
 * - `mutated` a value in memory is no longer what was computed; it was dropped
 * - `shared` a root reached an analyzer that another root holds under another tag
 * - `fault` the disk or a remote failed (`error` says how); the method's value was returned all the same
 */
export type EventType = (typeof EVENT_TYPES)[number];

/** The one payload of every event. */
export interface StowageEvent {
  /** What happened. */
  type: EventType;
  /** The tag, or `''` where there is none. Of a managed cache: the name of its manager's folder. */
  tag: string;
  /** Instance path: `root.modes[3]`; `''` for an analyzer that no root has reached. */
  instance: string;
  /** Method id: `Mode.psd`. Of a managed cache, which has no `instance`: its name. */
  method: string;
  /** Call key, for a call that has one. */
  key?: string;
  /** The file concerned. */
  file?: string;
  /** Seconds that the loading, computing or waiting took. */
  seconds?: number;
  /** Bytes of data that were stored, loaded or evicted. */
  bytes?: number;
  /** Why, in words. */
  reason?: string;
  /** What failed. */
  error?: Error;
}

type EventMap = Record<EventType, [event: StowageEvent]>;

/** What EventEmitter itself listens to, `once` of node:events for example. */
const TYPES_OF_EMITTERS: readonly unknown[] = ['error', 'newListener', 'removeListener'];

/** A listener of what never happens waits in silence. */
function refuseUnknown(type: unknown): void {
  if (typeof type !== 'string' || TYPES_OF_EMITTERS.includes(type) || EVENT_TYPES.some((known) => known === type))
    return;
  throw new InvalidOptionError(
    `there is no event '${type}'${didYouMean(type, EVENT_TYPES)}; there are ${EVENT_TYPES.join(', ')}`,
  );
}

/**
 * An EventEmitter whose listeners cannot hurt the emitter, and which knows without a search whether it has any.
 * Listening to an unknown type is an InvalidOptionError: `on('stor')` would wait for ever.
 */
export class Events extends EventEmitter<EventMap> {
  /** Per type: is there a listener? Hot paths read this before they build an event. */
  readonly heard: Record<EventType, boolean>;

  private readonly running = new Set<unknown>();

  constructor() {
    super();
    this.heard = Object.fromEntries(EVENT_TYPES.map((type) => [type, false])) as Record<EventType, boolean>;
    this.setMaxListeners(0);
    this.watchListeners();
  }

  /**
   * Emits to every listener. A listener that throws, or whose promise rejects, is reported as a process warning, and
   * the others still hear. A listener does not hear the events that it causes itself, by calling cached methods: that
   * would never end.
   */
  override emit<T extends EventType>(type: T, event: StowageEvent): boolean;
  override emit(type: string, ...args: unknown[]): boolean;
  override emit(type: string, ...args: unknown[]): boolean {
    // The one way that leads every kind of `on` past here, before the listener is added.
    if (type === 'newListener') refuseUnknown(args[0]);
    const listeners = this.rawListeners(type as EventType) as ((...args: unknown[]) => unknown)[];
    for (const listener of listeners) {
      if (this.running.has(listener)) continue;
      this.running.add(listener);
      try {
        const answer = listener.apply(this, args);
        // An unhandled rejection would end the process.
        if (isPromise(answer))
          answer.catch((error: unknown) => {
            reportListener(type, error);
          });
      } catch (error) {
        reportListener(type, error);
      } finally {
        this.running.delete(listener);
      }
    }
    return listeners.length > 0;
  }

  /** Emits an event of its own type, if there is a listener. */
  tell(event: StowageEvent): void {
    if (this.heard[event.type]) this.emit(event.type, event);
  }

  override removeAllListeners(type?: EventType): this {
    // EventEmitter counts arguments: an undefined one is a type without listeners.
    if (type === undefined) {
      super.removeAllListeners();
      this.watchListeners();
    } else {
      super.removeAllListeners(type);
    }
    for (const each of EVENT_TYPES) this.heard[each] = this.listenerCount(each) > 0;
    return this;
  }

  private watchListeners(): void {
    const emitter = this as EventEmitter;
    emitter.on('newListener', (type: EventType) => {
      if (Object.hasOwn(this.heard, type)) this.heard[type] = true;
      moveGate();
    });
    emitter.on('removeListener', (type: EventType) => {
      if (Object.hasOwn(this.heard, type)) this.heard[type] = this.listenerCount(type) > 0;
    });
  }
}

function reportListener(type: string, error: unknown): void {
  const what = isError(error) ? `${error.name}: ${error.message}` : inspect(error, { depth: 0 });
  process.emitWarning(`a listener of the event '${type}' threw ${what}; the cache goes on without it`, {
    type: 'StowageWarning',
    code: 'STOWAGE_LISTENER',
  });
}

/** Every event of the cache. */
export const events = new Events();
