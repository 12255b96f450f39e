/** What tells one call from all others, and where its entry lies. */
import { placeOf, type Place } from '../../store/disk/place.js';
import type { Identity } from '../../store/record/identity.js';
import type { Binding } from '../state/binding.js';
import { methodIdOf } from '../state/class-name.js';
import type { MethodInfo } from '../state/method-info.js';

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
