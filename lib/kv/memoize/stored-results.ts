/** Stored results of one function: whatever the cache does, the function's value is returned. */
import { StowageError, UncacheableValueError } from '../../base/errors.js';
import { codeOf } from '../../base/thrown.js';
import { events, type EventType } from '../../base/events.js';
import { warnOnce } from '../../base/warn.js';

/** Access to the results of one function. No fault of the cache gets out: an event says what happened. */
export class Results {
  /**
   * @param directory of the cache
   * @param name the function's, for events
   */
  constructor(
    readonly directory: string,
    readonly name: string,
  ) {}

  /** What an action on the cache gives, or something else where that fails. */
  attempt<T, D>(doing: 'read' | 'stored' | 'claimed', action: () => T, otherwise: D): T | D {
    try {
      return action();
    } catch (cause) {
      if (cause instanceof UncacheableValueError) this.tell('uncacheable', cause, cause.code);
      else this.tellFault(doing, cause);
      return otherwise;
    }
  }

  tell(type: EventType, error: Error, reason: string): void {
    events.tell({ type, tag: '', instance: '', method: this.name, file: this.directory, error, reason });
  }

  private tellFault(doing: string, cause: unknown): void {
    const message = `a result of ${this.name} could not be ${doing} in the cache ${this.directory}: ${String(cause)}`;
    const reason = codeOf(cause) ?? 'UNKNOWN';
    const error = new StowageError('STOWAGE_KV_FAULT', `${message}. The function's value was returned all the same`, {
      cause,
    });
    this.tell('fault', error, reason);
    warnOnce('STOWAGE_KV_FAULT', `${reason} ${this.directory}`, error.message);
  }
}
