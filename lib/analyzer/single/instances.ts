/** One instance of a class for one dataset, as long as it is in use. */
import { callKeyDigest } from '../../key/canonical/canonical.js';
import { identityOfAnalyzer } from '../../method/hierarchy/analyzer-identity.js';
import { datasetOf } from '../../method/hierarchy/dataset.js';

interface Known {
  instance: WeakRef<object>;
  /** Where its results lay when it was made: tagged anew by hand since, it is no longer the instance asked for. */
  folder: string | undefined;
}

/** By class; then by what tells its instances apart. */
const instances = new WeakMap<object, Map<string, Known>>();

const gone = new FinalizationRegistry<{ known: Map<string, Known>; key: string }>(({ known, key }) => {
  // Another may have taken its place since.
  if (known.get(key)?.instance.deref() === undefined) known.delete(key);
});

/**
 * The instance of a class that was made for the same; a new one otherwise. Held weakly.
 * @param said what tells instances apart
 * @throws UnkeyableArgumentError where a part of it hides its state
 */
export function instanceFor<T extends object>(Class: object, said: readonly unknown[], make: () => T): T {
  const key = callKeyDigest(said, { identify: identityOfAnalyzer }) ?? '';
  const known = instances.get(Class) ?? new Map<string, Known>();
  instances.set(Class, known);
  const before = known.get(key);
  const present = before?.instance.deref() as T | undefined;
  if (present !== undefined && before?.folder === datasetOf(present)?.folder) return present;
  const made = make();
  known.set(key, { instance: new WeakRef(made), folder: datasetOf(made)?.folder });
  gone.register(made, { known, key });
  return made;
}
