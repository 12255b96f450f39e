/** The right to compute a result, among all hosts. Nothing is right because of it: where it is lost, or doubled, two compute the same. */
import type { Asking } from './backend.js';

/** What a try to claim came to. */
export interface Tried {
  isOurs: boolean;
  /** Who has it, as far as is known. */
  owner: string;
  /** May the result have come since the remote was last looked at? */
  mayBeThere: boolean;
}

/** Claims on results, by the digests of their identities. */
export interface HostClaims {
  /** Tries once. One whose owner is dead is taken over. @throws RemoteError where it cannot be asked */
  claim(identity: string, asking: Asking): Promise<Tried>;
  /** Is a claim that was ours still ours, so that no other host has computed meanwhile? */
  isStillOurs(identity: string, asking: Asking): Promise<boolean>;
  /** Lets go, if it is still ours. */
  release(identity: string, asking: Asking): Promise<void>;
}
