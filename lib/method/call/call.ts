/** One call of one cached method of one tagged analyzer: what it is, and what it came to. */
import { placeOf, type Place } from '../../store/entry/place.js';
import type { Identity } from '../../store/record/identity.js';
import type { Frame } from '../../trace/frame.js';
import { methodIdOf } from '../state/class-name.js';
import type { Binding } from '../state/binding.js';
import type { MethodInfo } from '../state/method-info.js';
import type { EffectiveOptions } from '../state/options.js';

export interface Call {
  info: MethodInfo;
  options: EffectiveOptions;
  analyzer: object;
  args: readonly unknown[];
  binding: Binding;
  /** Where the result is kept; its epoch goes up when all that is there is let go. */
  memory: { readonly epoch: number };
  /** The root's version and the memory's epoch when the call began. */
  version: number;
  epoch: number;
  identity: Identity;
  place: Place;
  frame: Frame;
  /** Compute again, whatever is stored. */
  refresh: boolean;
  /** Generation of what is stored, which what is computed instead takes over. */
  generation: number;
}

/** What tells this call from all others. */
export function identityOf(info: MethodInfo, analyzer: object, binding: Binding, key: string | undefined): Identity {
  const { root, path, concrete } = binding;
  const { name, version } = info.options;
  return {
    prefix: root.prefix,
    tag: root.tag ?? '',
    instance: path,
    rootClass: root.className,
    ...(name === undefined && { class: root.nameOf(concrete) }),
    method: methodIdOf(info, analyzer),
    ...(key !== undefined && { key }),
    ...(version !== undefined && { version }),
  };
}

/** The place of an entry under a binding's root. */
export function placeUnder(binding: Binding, identity: Identity): Place {
  return { ...placeOf(binding.root.tmpdir, identity), owner: binding.owner };
}

/** Does what the call set out from still hold? Not after a tagging, a clearing or an untagging in between. */
export function stillHolds({ binding, memory, version, epoch }: Call): boolean {
  const { root, path, tagging } = binding;
  const isRoots = root.tag !== undefined && root.tagging === tagging && !root.affects(path, version);
  return isRoots && memory.epoch === epoch;
}
