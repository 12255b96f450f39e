/** Fractions of fraction.js: sign, numerator and denominator. */
import type { Adapter } from '../contract/adapter.js';

export const fraction: Adapter = { package: 'fraction.js', classes: ['Fraction'] };
