/** What tells one call from all others, and where its entry lies. */
import { EntryPlace, homeOf, placeOf, type Home, type Place } from '../../store/disk/place.js';
import type { Identity } from '../../store/record/identity.js';
import type { Binding } from '../state/binding.js';
import { methodIdOf } from '../state/class-name.js';
import type { MethodInfo } from '../state/method-info.js';

/** What the calls of one method of one analyzer have in common, in the dataset that its root had. */
interface Common {
  dataset: string;
  identity: Identity;
  home: Home;
}

const known = new WeakMap<Binding, WeakMap<MethodInfo, Common>>();

function commonOf(info: MethodInfo, analyzer: object, binding: Binding): Common {
  let methods = known.get(binding);
  if (methods === undefined) known.set(binding, (methods = new WeakMap()));
  const { root, path, concrete } = binding;
  const { dataset } = root;
  let common = methods.get(info);
  if (common?.dataset === dataset) return common;
  const identity = {
    prefix: root.prefix,
    tag: root.tag ?? '',
    instance: path,
    rootClass: root.className,
    ...(info.options.name === undefined && { class: root.nameOf(concrete) }),
    method: methodIdOf(info, analyzer),
  };
  methods.set(info, (common = { dataset, identity, home: homeOf(root.tmpdir, identity) }));
  return common;
}

/** The identity of a call, and where its entry lies. */
export function whereIs(
  info: MethodInfo,
  analyzer: object,
  binding: Binding,
  key: string | undefined,
): { identity: Identity; place: Place } {
  const common = commonOf(info, analyzer, binding);
  const { version } = info.options;
  const identity = {
    ...common.identity,
    ...(key !== undefined && { key }),
    ...(version !== undefined && { version }),
  };
  return { identity, place: new EntryPlace(common.home, identity, binding.owner) };
}

export function identityOf(info: MethodInfo, analyzer: object, binding: Binding, key: string | undefined): Identity {
  return whereIs(info, analyzer, binding, key).identity;
}

/** The place of an entry under a binding's root. */
export function placeUnder(binding: Binding, identity: Identity): Place {
  return placeOf(binding.root.tmpdir, identity, binding.owner);
}
