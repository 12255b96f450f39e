/**
 * Parameters of which cannot be seen that they are read: those of frozen and sealed analyzers, and private fields. Whoever
 * computes under the same root may read them, so every result there notes what they were.
 */
import { errorOf } from '../../base/thrown.js';
import type { Frame } from '../../trace/frame.js';
import { withoutNoting } from '../../trace/frame.js';
import { dependents } from '../../trace/dependents.js';
import { bindingOf } from '../state/instance-state.js';
import type { Binding } from '../state/binding.js';
import { noteSet } from './parameter-watch.js';
import type { Root } from '../state/root.js';
import { ParameterUse, UNWATCHED_PARAMETERS } from './uses.js';
import { lookAtFields, unwatchedFields } from './watched-field.js';

/** What the unwatched parameters under a root are, save those of the analyzer that asks: they are in its keys. */
export function unwatchedUnder(root: Root, except: object): unknown[] {
  const found: [path: string, label: string, value: unknown][] = [];
  for (const [path, analyzer] of root.reach.withParameters()) {
    if (analyzer === except || bindingOf(analyzer)?.root !== root) continue;
    for (const { label, read } of unwatchedFields(analyzer)) found.push([path, label, read(analyzer)]);
  }
  return found.sort(([onePath, one], [otherPath, other]) => (onePath + one < otherPath + other ? -1 : 1));
}

/** Notes them in a computation that begins. */
export function noteUnwatched(frame: Frame, binding: Binding): void {
  const read = (): unknown[] => withoutNoting(() => unwatchedUnder(binding.root, frame.analyzer));
  if (read().length === 0) return;
  try {
    frame.note(new ParameterUse(binding, UNWATCHED_PARAMETERS, read));
  } catch (error) {
    // Keys would be refused to its own calls; those of others are only not stored.
    frame.spoil(
      `a parameter of a frozen analyzer may be used, and cannot be kept in a trace: ${errorOf(error).message}`,
    );
  }
}

/** Looks whether parameters under a root were changed unseen, and drops from memory what was computed from them. */
export function lookAtParameters(root: Root): void {
  for (const [, analyzer] of root.reach.withParameters()) {
    for (const { label, isWatched } of lookAtFields(analyzer)) {
      noteSet(analyzer, label);
      if (!isWatched)
        dependents.dropWhere(
          (name) => name.startsWith(`parameter ${root.scope}\0`) && name.endsWith(`\0${UNWATCHED_PARAMETERS}`),
        );
    }
  }
}
