/** States as a mark and a word: colour alone says nothing to some readers. */
import type { VNode } from 'preact';
import type { State } from '../contract/messages.js';

export const STATES: Readonly<Record<State, [mark: string, word: string]>> = {
  current: ['✔', 'up to date'],
  older: ['●', 'older code'],
  stale: ['✖', 'stale'],
  damaged: ['✖', 'damaged'],
  missing: ['○', 'missing'],
  pruned: ['○', 'pruned'],
  other: ['○', 'unreadable'],
};

export function StateMark({ state }: { state: State }): VNode {
  const [mark, word] = STATES[state];
  return (
    <span class={`state ${state}`}>
      <span aria-hidden="true">{mark}</span> {word}
    </span>
  );
}
