/** Own properties out of a v8 blob. */
import { setOwn } from '../shared/own-properties.js';
import type { Reader, Shell } from './reader.js';

/** An object that gets its properties when all objects exist. @param given values that stand in for those of the blob, by name */
export function withProperties(reader: Reader, object: object, given?: ReadonlyMap<string, unknown>): Shell {
  const names = reader.shape();
  const items = reader.list(names.length);
  return {
    object,
    fill(resolve) {
      const values = resolve(items);
      for (const [index, name] of names.entries())
        setOwn(object, name, given?.has(name) === true ? given.get(name) : values[index]);
    },
  };
}
