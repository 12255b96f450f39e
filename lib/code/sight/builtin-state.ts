/** What objects of the language and of Node hide, where one of their own methods tells it. */
import { types } from 'node:util';

const hrefOf = Object.getOwnPropertyDescriptor(URL.prototype, 'href')?.get as () => string;
const paramsToString = URLSearchParams.prototype.toString;

const STATES: readonly [prototype: object, stateOf: (value: object) => string][] = [
  [URL.prototype, (value) => Reflect.apply(hrefOf, value, [])],
  [URLSearchParams.prototype, (value) => Reflect.apply(paramsToString, value, [])],
  ...Object.entries(Object.getOwnPropertyDescriptors(Intl)).flatMap(
    ([, { value }]): [object, (value: object) => string][] => {
      const prototype = (value as { prototype?: { resolvedOptions?: () => object } } | undefined)?.prototype;
      const resolved = prototype?.resolvedOptions;
      return prototype === undefined || resolved === undefined
        ? []
        : [[prototype, (own) => JSON.stringify(Reflect.apply(resolved, own, []))]];
    },
  ),
];

/** Is it such an object? What it has are no members, but ways to ask for what it hides. */
export function hidesState(value: object): boolean {
  return stateOf(value) !== undefined;
}

/** What such an object hides, as a text. */
export function builtinState(value: object): string | undefined {
  try {
    const found = stateOf(value)?.(value);
    return found === undefined ? undefined : `state ${found}`;
  } catch {
    // It has the prototype alone.
    return undefined;
  }
}

function stateOf(value: object): ((value: object) => string) | undefined {
  if (types.isProxy(value)) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  return STATES.find(([each]) => each === prototype)?.[1];
}
