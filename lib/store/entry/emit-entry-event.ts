import { events, type EventType, type StowageEvent } from '../../base/events.js';
import type { Identity } from '../record/identity.js';

/** Emits an event of a call, if anybody listens. */
export function tell(call: { readonly identity: Identity }, type: EventType, more: Partial<StowageEvent> = {}): void {
  if (!events.heard[type]) return;
  const { tag, instance, method, key } = call.identity;
  events.emit(type, { type, tag, instance, method, ...(key !== undefined && { key }), ...more });
}
