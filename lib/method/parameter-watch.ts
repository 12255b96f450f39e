/** Parameters while they are read and set: what was read is noted in traces, what is set drops what was made of it. */
import { markFieldGetter } from '../base/field-getter.js';
import { currentFrame, unfinished, withoutNoting, type Frame } from '../trace/frame.js';
import { dependents } from '../trace/dependents.js';
import { parameterName } from '../trace/names.js';
import { resultsMoved } from '../trace/results.js';
import { bindingOf } from './instance-state.js';
import { ownKeyOf } from './parameters.js';
import { ParameterUse } from './uses.js';

/** Stands for all that belongs to an analyzer. */
export const everyParameter = '*';

/**
 * Notes in the running computation, if any, that a parameter was read. A computation of the same analyzer has it in its
 * key already.
 */
export function noteRead(analyzer: object, parameter: string, read: () => unknown): void {
  const frame = currentFrame();
  if (frame === undefined || frame.analyzer === analyzer) return;
  const binding = bindingOf(analyzer);
  if (binding !== undefined) frame.note(new ParameterUse(binding, parameter, read));
}

/** Notes all that belongs to an analyzer of which a computation of another one uses a result. */
export function noteAnalyzer(
  analyzer: object,
  frame: Frame,
  ownKey = withoutNoting(() => ownKeyOf(analyzer)),
  binding = bindingOf(analyzer),
): void {
  if (ownKey === undefined || frame.analyzer === analyzer || binding === undefined) return;
  frame.note(new ParameterUse(binding, everyParameter, () => withoutNoting(() => ownKeyOf(analyzer))));
}

/** Drops from memory what was computed from a parameter that is set, and tells the computations that are under way. */
export function noteSet(analyzer: object, parameter: string): void {
  const own = currentFrame();
  // What it was called with is not what it computes with, unless it does that itself.
  for (const frame of unfinished) if (frame.analyzer === analyzer && frame !== own) frame.spoil(`${parameter} was set meanwhile`);
  const binding = bindingOf(analyzer);
  if (binding === undefined) return;
  for (const part of [parameter, everyParameter]) {
    const name = parameterName(binding.root.scope, binding.path, part);
    own?.noteMade(name);
    dependents.drop(name);
  }
  // It is part of the keys of the analyzer's own calls.
  resultsMoved();
}

const watched = new WeakMap<object, Set<string | symbol>>();

/** A field cannot be watched by its class: on a tagged analyzer it becomes an accessor that behaves as the field did. */
export function watchField(analyzer: object, member: unknown, label: string): void {
  // A private field is known by its declaration alone; what it holds is read at every call.
  if (typeof member !== 'string' && typeof member !== 'symbol') return;
  const descriptor = Reflect.getOwnPropertyDescriptor(analyzer, member);
  const known = watched.get(analyzer) ?? new Set<string | symbol>();
  watched.set(analyzer, known);
  if (known.has(member) || descriptor?.configurable !== true || !('value' in descriptor) || descriptor.writable !== true) return;
  let value: unknown = descriptor.value;
  known.add(member);
  const get = (): unknown => {
    noteRead(analyzer, label, () => value);
    return value;
  };
  markFieldGetter(get, () => value);
  Reflect.defineProperty(analyzer, member, {
    configurable: true,
    enumerable: descriptor.enumerable === true,
    get,
    set(this: unknown, next: unknown) {
      // An object that inherits from the analyzer gets a field of its own, as from a field; a frozen one keeps what it has.
      if (this !== analyzer) {
        Reflect.defineProperty(Object(this) as object, member, { value: next, configurable: true, enumerable: true, writable: true });
        return;
      }
      if (Object.isFrozen(analyzer)) throw new TypeError(`Cannot assign to the parameter ${label} of a frozen object`);
      value = next;
      noteSet(analyzer, label);
    },
  });
}
