/** Numbers of decimal.js, with the precision and the other settings of their constructor. */
import type { Adapter, Settings } from '../contract/adapter.js';

interface DecimalClass {
  clone(settings: object): object;
}

const settingsOf = (names: readonly string[]): Settings => ({
  read: (Class) => Object.fromEntries(names.map((name) => [name, (Class as Record<string, unknown>)[name]])),
  make: (Class, settings) => (Class as DecimalClass).clone(settings),
});

const LIGHT = ['precision', 'rounding', 'toExpNeg', 'toExpPos'];

export const decimal: Adapter = {
  package: 'decimal.js',
  classes: ['Decimal'],
  settings: settingsOf([...LIGHT, 'maxE', 'minE', 'modulo', 'crypto']),
};

export const decimalLight: Adapter = {
  package: 'decimal.js-light',
  classes: ['Decimal'],
  settings: settingsOf([...LIGHT, 'LN10']),
};
