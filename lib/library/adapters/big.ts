/** Numbers of big.js, with the settings of their constructor. */
import type { Adapter } from '../contract/adapter.js';

const SETTINGS = ['DP', 'RM', 'NE', 'PE', 'strict'];

export const big: Adapter = {
  package: 'big.js',
  classes: ['Big'],
  settings: {
    read: (Class) => Object.fromEntries(SETTINGS.map((name) => [name, (Class as Record<string, unknown>)[name]])),
    // Called without a number, the constructor makes another one.
    make: (Class, settings) => Object.assign((Class as () => object)(), settings),
  },
};
