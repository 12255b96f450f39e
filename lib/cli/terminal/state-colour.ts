/** The colours of states: what holds, what is out of date, what is wrong, what is there no more. */
import type pc from 'picocolors';

/** How text is coloured; as it is where colours are off. */
export type Colors = ReturnType<typeof pc.createColors>;

const COLOUR_OF: Readonly<Record<string, 'green' | 'yellow' | 'red' | 'dim'>> = {
  stored: 'green',
  '✔': 'green',
  '●': 'yellow',
  '✖': 'red',
  '○': 'dim',
  same: 'green',
  stale: 'yellow',
  changed: 'yellow',
  damaged: 'red',
  foreign: 'red',
  unreadable: 'red',
  'missing data': 'red',
  version: 'dim',
  unknown: 'dim',
  pruned: 'dim',
  'pruned version': 'dim',
};

/** A state in its colour; without one where colours are off, or the state is none of those. */
export function inColour(state: string, colors: Colors): string {
  const colour = COLOUR_OF[state];
  return colour === undefined ? state : colors[colour](state);
}
