/** `setRemote`: where results come from that others have computed. */
import { hasIdentity } from '../../base/language/brand.js';
import { InvalidOptionError } from '../../base/errors.js';
import { isUrl } from '../../base/files/user-path.js';
import { checkRemote, type RemoteOptions } from '../../remote/contract/remote-options.js';
import { openRemotes, setCommonRemote } from '../state/remotes.js';
import { settingsToChange } from '../hierarchy/tagging.js';

/**
 * Names a store beyond this machine for the whole process: an S3 bucket, or a folder that several hosts have mounted. A result that is not stored here is
 * taken from there, if what it was made of and with is what it would be made of and with here; what is computed is pushed there in the
 * background, at the latest when the program ends. Where the remote does not answer, results are computed as without it.
 *
 * ```ts
 * setRemote('s3://our-results/survey', { endpoint: 'https://s3.example.org', key: secret });
 * ```
 *
 * @param url `s3://bucket/prefix` or `file:///folder`; `false`: none; `undefined`: that of the process, or of the environment
 * @defaultValue the environment variable `STOWAGE_REMOTE`
 * @throws InvalidOptionError where the URL or an option is not what it must be; then nothing is changed
 */
export function setRemote(url: string | URL | false | undefined, options?: RemoteOptions): void;
/**
 * The same for the results of one root, and of all it reaches.
 *
 * ```ts
 * setRemote(night, 'file:///project/shared', { mode: 'read' });
 * ```
 *
 * @param root not what another root reaches
 * @throws InvalidOptionError where the URL or an option is not what it must be, or the object belongs to another root; then nothing
 * is changed
 */
export function setRemote(root: object, url: string | URL | false | undefined, options?: RemoteOptions): void;
export function setRemote(...given: unknown[]): void {
  const [first] = given;
  if (!hasIdentity(first) || isUrl(first)) {
    const [url, options] = given;
    setCommonRemote(settingsOf(url, options));
    return;
  }
  const [, url, options] = given;
  if (given.length < 2 || (typeof url === 'object' && !isUrl(url)))
    throw new InvalidOptionError('setRemote takes a URL, or a root and a URL: s3://bucket/prefix or file:///folder');
  const settings = settingsOf(url, options);
  settingsToChange(first, 'setRemote').remote = settings;
}

function settingsOf(url: unknown, options: unknown): ReturnType<typeof checkRemote> | false | undefined {
  if (url === false || url === undefined) return url;
  return checkRemote(url, options ?? {}, 'setRemote');
}

/**
 * Waits until all that was computed so far has been pushed, or could not be. A program that ends by itself, or by `process.exit`,
 * waits for that without being asked; one that is killed leaves the rest to {@link push}.
 */
export async function flushRemote(): Promise<void> {
  await Promise.all(openRemotes().map(({ thread }) => thread.whenIdle()));
}
