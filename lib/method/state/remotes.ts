/** Which remote a root's results are taken from and pushed to. Its thread starts with the first call that needs it. */
import { InvalidOptionError, StowageError } from '../../base/errors.js';
import { isError } from '../../base/thrown.js';
import { warnOnce } from '../../base/warn.js';
import { checkRemote, type RemotePlace, type RemoteSettings } from '../../remote/contract/remote-options.js';
import { RemoteThread } from '../../remote/thread/remote-thread.js';
import { isUrl } from '../../base/files/user-path.js';

/** A remote that is in use. */
export interface Remote {
  settings: RemoteSettings;
  thread: RemoteThread;
}

/** That of the process; `undefined` until the environment has been looked at. */
let common: RemoteSettings | false | undefined;

const open = new Map<string, Remote>();

/** The remote of a root, if it has one. */
export function remoteOf({ remote }: { readonly remote: RemoteSettings | false | undefined }): Remote | undefined {
  const settings = remote ?? (common ??= remoteOfEnvironment(process.env));
  return settings === false ? undefined : remoteWith(settings);
}

/** @param settings `false`: none; `undefined`: that of the environment */
export function setCommonRemote(settings: RemoteSettings | false | undefined): void {
  common = settings;
}

function remoteWith(settings: RemoteSettings): Remote {
  const text = JSON.stringify(settings);
  let remote = open.get(text);
  if (remote === undefined) {
    if (open.size === 0) process.on('exit', settleAll);
    remote = { settings, thread: new RemoteThread(settings) };
    open.set(text, remote);
  }
  return remote;
}

function settleAll(): void {
  for (const { thread } of open.values()) thread.settleAll();
}

/** Those that have been used. */
export function openRemotes(): Remote[] {
  return [...open.values()];
}

/** What the environment says wrongly is said, and is as good as nothing. */
function remoteOfEnvironment(env: NodeJS.ProcessEnv): RemoteSettings | false {
  const { STOWAGE_REMOTE: url = '' } = env;
  if (url === '') return false;
  try {
    return checkRemote(url, {}, 'STOWAGE_REMOTE', env);
  } catch (error) {
    if (!(error instanceof StowageError)) throw error;
    warnOnce('STOWAGE_ENVIRONMENT', 'STOWAGE_REMOTE', `${error.message}; no remote is used`);
    return false;
  }
}

/** A remote as `configure` takes it. @throws InvalidOptionError where it is none */
export function remoteCheck(value: unknown, option: string): RemoteSettings | false {
  if (value === false) return false;
  if (typeof value === 'string' || isUrl(value)) return checkRemote(value, {}, option);
  if (typeof value !== 'object' || value === null || isError(value))
    throw new InvalidOptionError(`${option} must be a URL, { url, ...options } or false`);
  const { url, ...options } = value as RemotePlace;
  return checkRemote(url, options, option);
}
