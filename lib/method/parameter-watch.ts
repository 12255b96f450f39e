/** Parameters while they are read and set: what was read is noted in traces, what is set drops what was made of it. */
import { currentFrame, withoutNoting, type Frame } from '../trace/frame.js';
import { dependents } from './dependents.js';
import { bindingOf } from './instance-state.js';
import { ownKeyOf } from './parameters.js';
import { parameterName } from './use-name.js';
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
export function noteAnalyzer(analyzer: object, frame: Frame, ownKey = withoutNoting(() => ownKeyOf(analyzer))): void {
  if (ownKey === undefined || frame.analyzer === analyzer) return;
  const binding = bindingOf(analyzer);
  if (binding === undefined) return;
  frame.note(new ParameterUse(binding, everyParameter, () => withoutNoting(() => ownKeyOf(analyzer))));
}

/** Drops from memory what was computed from a parameter that is set. */
export function noteSet(analyzer: object, parameter: string): void {
  const binding = bindingOf(analyzer);
  if (binding === undefined) return;
  for (const name of [parameter, everyParameter]) dependents.drop(parameterName(binding.root.scope, binding.path, name));
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
  Reflect.defineProperty(analyzer, member, {
    configurable: true,
    enumerable: descriptor.enumerable === true,
    get() {
      noteRead(analyzer, label, () => value);
      return value;
    },
    set(next: unknown) {
      value = next;
      noteSet(analyzer, label);
    },
  });
}
