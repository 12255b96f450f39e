/** What a RegExp was made of, asked of the engine: its own properties of these names are not looked at. */

const FLAGS = [
  ['d', 'hasIndices'],
  ['g', 'global'],
  ['i', 'ignoreCase'],
  ['m', 'multiline'],
  ['s', 'dotAll'],
  ['u', 'unicode'],
  ['v', 'unicodeSets'],
  ['y', 'sticky'],
] as const;

/** The getter `flags` would ask the object itself for each flag, so that single ones are asked here. */
export function regExpFlags(value: object): string {
  return FLAGS.flatMap(([flag, name]) => (ask(name, value) === true ? [flag] : [])).join('');
}

/** The text between the slashes. */
export function regExpSource(value: object): string {
  return String(ask('source', value));
}

function ask(name: string, value: object): unknown {
  return Reflect.get(RegExp.prototype, name, value);
}
