/** Numbers of bignumber.js, with the settings of the package's constructor; those of a clone have a class of their own. */
import type { Adapter } from '../contract/adapter.js';

interface BigNumberClass {
  config(): Readonly<Record<string, unknown>>;
  clone(settings: object): object;
}

export const bignumber: Adapter = {
  package: 'bignumber.js',
  classes: ['BigNumber'],
  settings: {
    read: (Class) => (Class as BigNumberClass).config(),
    make: (Class, settings) => (Class as BigNumberClass).clone(settings),
  },
};
