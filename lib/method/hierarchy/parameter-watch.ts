/** Parameters while they are read and set: what was read is noted in traces, what is set drops what was made of it. */
import { warnOnce } from '../../base/warn.js';
import { currentFrame, unfinished, withoutNoting, type Frame } from '../../trace/frame.js';
import { dependents } from '../../trace/dependents.js';
import { parameterName } from '../../trace/names.js';
import { resultsMoved } from '../../trace/results.js';
import { concreteClassOf } from '../state/class-name.js';
import { bindingOf } from '../state/instance-state.js';
import { ownKeyOf } from '../state/parameters.js';
import { isAttachedBy, notePlace } from './standing.js';
import { EVERY_PARAMETER, ParameterUse } from './uses.js';

/**
 * Notes in the running computation, if any, that a parameter was read. A computation of the same analyzer has it in its
 * key already.
 */
export function noteRead(analyzer: object, parameter: string, read: () => unknown): void {
  const frame = currentFrame();
  if (frame === undefined || frame.analyzer === analyzer) return;
  const binding = bindingOf(analyzer);
  if (binding === undefined) {
    noteHidden(analyzer, frame);
    return;
  }
  notePlace(analyzer, binding, frame);
  frame.note(new ParameterUse(binding, parameter, read, isAttachedBy(frame, binding)));
}

/** Notes all that belongs to an analyzer of which a computation of another one uses a result. */
export function noteAnalyzer(
  analyzer: object,
  frame: Frame,
  ownKey = withoutNoting(() => ownKeyOf(analyzer)),
  binding = bindingOf(analyzer),
): void {
  if (frame.analyzer === analyzer || binding === undefined) return;
  notePlace(analyzer, binding, frame);
  if (ownKey === undefined) return;
  const read = (): unknown => withoutNoting(() => ownKeyOf(analyzer));
  frame.note(new ParameterUse(binding, EVERY_PARAMETER, read, isAttachedBy(frame, binding)));
}

/** The computations in which objects were made: what such an object is, the computation itself decides. */
const madeIn = new WeakMap<object, Frame>();

/** Notes that an object is made now. */
export function noteBirth(object: object): void {
  const frame = currentFrame();
  if (frame !== undefined) madeIn.set(object, frame);
}

/**
 * A computation asked something of an object with parameters that no tagged root reaches. What they are next time cannot
 * be looked at, so that the result must not be stored; unless the computation made the object itself.
 */
export function noteHidden(object: object, frame: Frame): void {
  if (madeIn.get(object) === frame) return;
  const { name } = concreteClassOf(object);
  const reason = `it uses a ${name}, which has @parameter fields and is reached from no tagged root`;
  frame.spoil(reason);
  warnOnce(
    'STOWAGE_HIDDEN_PARAMETER',
    `${frame.name} ${name}`,
    `${frame.name} is computed at every call: ${reason}. Put it where a root reaches it, or, if it sits behind #private ` +
      'fields, return it from a [children]() method',
  );
}

/** Drops from memory what was computed from a parameter that is set, and tells the computations that are under way. */
export function noteSet(analyzer: object, parameter: string): void {
  const own = currentFrame();
  // What it was called with is not what it computes with, unless it does that itself.
  for (const frame of unfinished)
    if (frame.analyzer === analyzer && frame !== own) frame.spoil(`${parameter} was set meanwhile`);
  const binding = bindingOf(analyzer);
  if (binding === undefined) return;
  for (const part of [parameter, EVERY_PARAMETER]) {
    const name = parameterName(binding.root.scope, binding.path, part);
    own?.noteMade(name);
    dependents.drop(name);
  }
  // It is part of the keys of the analyzer's own calls.
  resultsMoved();
}
