/**
 * Objects with parameters behind `#private` fields that no `[children]()` method shows. They belong to no root; but their
 * parameters are watched, so that a result that was made of one is not stored.
 */
import { inPrivateFields, mayHavePrivateFields } from '../../code/sight/private-fields.js';
import { bindingOf } from '../state/instance-state.js';
import { areParametersDeclared, hasParameters, parametersOf } from '../state/parameters.js';
import { walk } from './walk.js';
import { watchFields } from './watched-field.js';

/** Of a class, so many objects are looked into: where they hide no parameters, the others are taken not to either. */
const FEW_OF_A_CLASS = 16;

/** How many objects of a class hid nothing so far; of one that was found to hide parameters none. */
const emptyOf = new WeakMap<object, number>();
const lookedInto = new WeakSet<object>();

function isWorthALook(object: object): boolean {
  if (!mayHavePrivateFields(object)) return false;
  return (emptyOf.get(Object.getPrototypeOf(object) as object) ?? 0) < FEW_OF_A_CLASS;
}

/** Collects the objects of a walk that may hide others. */
export class HidingPlaces {
  private readonly found: object[] = [];
  private readonly isNeeded = areParametersDeclared();

  /** @param again only objects that were not looked into yet count where it is false */
  constructor(private readonly again: boolean) {}

  add(object: object): void {
    if (this.isNeeded && (this.again || !lookedInto.has(object)) && isWorthALook(object)) this.found.push(object);
  }

  /** Watches the parameters of what they hide, through any depth. */
  watch(): void {
    try {
      // The loop sees what is added while it runs.
      for (const object of this.found) this.lookInto(object);
    } catch {
      // There is no inspector: what is hidden stays so.
    }
  }

  private lookInto(object: object): void {
    const prototype = Object.getPrototypeOf(object) as object;
    const empty = emptyOf.get(prototype) ?? 0;
    if (empty >= FEW_OF_A_CLASS) return;
    lookedInto.add(object);
    const found = new Set<object>();
    for (const hidden of inPrivateFields([object])) {
      walk(hidden, hasParameters, ({ object: reached }) => {
        if (bindingOf(reached) !== undefined) return 'leave';
        if (hasParameters(reached)) {
          found.add(reached);
          watchFields(reached, parametersOf(reached));
        }
        if (!lookedInto.has(reached)) this.add(reached);
        return 'enter';
      });
    }
    emptyOf.set(prototype, found.size > 0 ? -Infinity : empty + 1);
  }
}
