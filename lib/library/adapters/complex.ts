/** Complex numbers of complex.js: two fields. */
import type { Adapter } from '../contract/adapter.js';

export const complex: Adapter = { package: 'complex.js', classes: ['Complex'] };
