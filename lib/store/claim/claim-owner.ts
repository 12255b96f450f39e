/** Who holds a claim: the thread that computes. */
import { thisThread, type Runner } from '../../base/run/liveness.js';

export type Owner = Runner;

export const thisOwner: () => Owner = thisThread;

/** Are both the same thread? */
export function isSameOwner(one: Owner, other: Owner): boolean {
  const facts = ['host', 'pid', 'boot', 'pidNamespace', 'thread', 'started'] as const;
  return facts.every((fact) => one[fact] === other[fact]);
}
