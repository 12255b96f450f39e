/** What holds for the whole process, whatever is cached, and how. */
import { didYouMean } from './did-you-mean.js';
import { ReadonlyError } from './errors.js';
import { warnOnce } from './warn.js';

warnOfEnvironment(process.env);

const readonlyByEnvironment = process.env.STOWAGE === 'readonly';

/** A mistyped `STOWAGE=readnoly` would write, and nothing would say so. */
function warnOfEnvironment(env: NodeJS.ProcessEnv): void {
  const { STOWAGE: mode = '' } = env;
  const modes = ['off', 'readonly'];
  if (mode !== '' && !modes.includes(mode)) {
    warnOnce(
      'STOWAGE_ENVIRONMENT',
      mode,
      `STOWAGE=${mode} says nothing${didYouMean(mode, modes)}: it is 'off', 'readonly' or not set`,
    );
  }
  const names = ['STOWAGE_TMPDIR', 'STOWAGE_SQLITE', 'STOWAGE_REMOTE', 'STOWAGE_REMOTE_KEY'];
  for (const name of Object.keys(env)) {
    const hint = name.startsWith('STOWAGE_') && !names.includes(name) ? didYouMean(name, names) : '';
    if (hint !== '')
      warnOnce('STOWAGE_ENVIRONMENT', name, `the environment variable ${name} is not read by Stowage${hint}`);
  }
}

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

/** Where the environment forbids writing, no setting allows it. */
export function setReadonly(readonly: boolean): void {
  settings.readonly = readonly || readonlyByEnvironment;
}

/** @throws ReadonlyError where nothing may be written */
export function refuseIfReadonly(caller: string): void {
  if (settings.readonly) throw new ReadonlyError(caller);
}
