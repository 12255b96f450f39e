/** What holds for the whole process, whatever is cached, and how. */
import { ReadonlyError } from './errors.js';

const readonlyByEnvironment = process.env.STOWAGE === 'readonly';

/** The settings of the process. */
export const settings = {
  /** Nothing may be written: `STOWAGE=readonly`, or `configure({ readonly: true })`. */
  readonly: readonlyByEnvironment,
  /** Everything runs uncached. */
  off: process.env.STOWAGE === 'off',
  /** Permission bits of new folders: private to the user, unless `configure({ permissions })` says otherwise. */
  permissions: 0o700,
  /** Seconds. */
  claimWait: 600,
};

/** What the environment forbids, nobody allows. */
export function setReadonly(readonly: boolean): void {
  settings.readonly = readonly || readonlyByEnvironment;
}

/** @throws ReadonlyError where nothing may be written */
export function refuseIfReadonly(caller: string): void {
  if (settings.readonly) throw new ReadonlyError(caller);
}
