import { bindingOf } from './instance-state.js';

/** A tagged analyzer as an argument is known by its place. */
export function identityOfAnalyzer(object: object): string | undefined {
  const binding = bindingOf(object);
  if (binding === undefined) return undefined;
  const { root, path, concrete } = binding;
  return JSON.stringify([root.prefix, root.tag, path, root.className, root.nameOf(concrete)]);
}
