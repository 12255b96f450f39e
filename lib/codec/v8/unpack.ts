/** Code, primitives and segments → the value. Whatever is not as `format.ts` says is a FormatError. */
import { Level } from './format.js';
import { malformed, Reader, type List, type PackedFile, type Shell } from './reader.js';
import { SHELLS } from './unpack-objects.js';

/** @throws FormatError where the data are not of the format, or name what this process does not know */
export function unpack(file: PackedFile): unknown {
  const reader = new Reader(file);
  const root = reader.list(1);
  const shells: { shell: Shell; level: number }[] = [];
  while (reader.hasMore) {
    const word = reader.word();
    const level = word >>> 8;
    const read = SHELLS.get(word & 0xff);
    if (read === undefined || level > Level.frozen) throw malformed();
    shells.push({ shell: read(reader), level });
  }
  const resolve = (list: List): unknown[] =>
    reader.resolve(list, (number) => {
      const entry = shells[number];
      if (entry === undefined) throw malformed();
      return entry.shell.object;
    });
  for (const { shell, level } of shells) {
    shell.fill?.(resolve);
    close(shell.object, level);
  }
  return resolve(root)[0];
}

function close(object: object, level: number): void {
  if (level === Level.nonExtensible) Object.preventExtensions(object);
  else if (level === Level.sealed) Object.seal(object);
  else if (level === Level.frozen) Object.freeze(object);
}
