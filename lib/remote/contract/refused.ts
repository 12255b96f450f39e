/** What lies in a remote in the place of a result, and is not what it must be. */
export class RefusedError extends Error {}

/** For want of a key, blobs are not taken: to read one is to trust who wrote it. */
export const NO_KEY = 'there is no key to check who pushed it';
