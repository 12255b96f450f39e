import { afterEach, beforeEach } from 'mocha';
import { events, type EventType, type StowageEvent } from 'stowage';

/** Collects events of some types during each test of the suite; the array is emptied before each. */
export function recordedEvents(...types: EventType[]): StowageEvent[] {
  const seen: StowageEvent[] = [];
  const note = (event: StowageEvent): void => void seen.push(event);
  beforeEach(() => {
    seen.length = 0;
    for (const type of types) events.on(type, note);
  });
  afterEach(() => {
    for (const type of types) events.off(type, note);
  });
  return seen;
}
