/** What may be done to the disk, by the whole process. */
import { ReadonlyError } from './errors.js';

const readonlyByEnvironment = process.env.STOWAGE === 'readonly';

export const access = {
  /** Nothing may be written: `STOWAGE=readonly`, or `configure({ readonly: true })`. */
  readonly: readonlyByEnvironment,
  /** Permission bits of new folders: private to the user, unless `configure({ permissions })` says otherwise. */
  permissions: 0o700,
};

/** What the environment forbids, nobody allows. */
export function setReadonly(readonly: boolean): void {
  access.readonly = readonly || readonlyByEnvironment;
}

/** @throws ReadonlyError where nothing may be written */
export function refuseIfReadonly(caller: string): void {
  if (access.readonly) throw new ReadonlyError(caller);
}
