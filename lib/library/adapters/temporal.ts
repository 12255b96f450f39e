/** Temporal from a package, where it is not made the global one. */
import { TEMPORAL_CLASSES, temporalMade, temporalText } from '../../base/language/temporal.js';
import type { Adapter } from '../contract/adapter.js';

const temporal = (name: string): Adapter => ({
  package: name,
  namespace: 'Temporal',
  classes: TEMPORAL_CLASSES,
  parts(value, { note, Class }) {
    if (Reflect.ownKeys(value).length > 0) {
      return { what: `a Temporal.${note.class} with properties of its own`, advice: 'put them beside it' };
    }
    const text = temporalText(note.class, value, Class.prototype);
    if (text === undefined)
      return { what: `an object that only inherits from ${note.class}`, advice: 'use plain data' };
    return { names: ['text'], values: [text] };
  },
  make: ({ note, Class }, { values }) => temporalMade(note.class, Class, String(values[0])),
});

export const TEMPORALS: readonly Adapter[] = [temporal('temporal-polyfill'), temporal('@js-temporal/polyfill')];
