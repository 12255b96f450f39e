/** What a computation uses and cannot be seen to use: said by the method itself. */
import { InvalidOptionError } from '../../base/errors.js';
import { userPath } from '../../base/files/user-path.js';
import { currentFrame } from '../../trace/frame.js';
import type { AboutCall, Plain } from '../report/about-call.js';
import { knownResult } from '../report/inspect.js';
import { cachedMethod, locate, type MethodName } from '../call/locate.js';
import { settings } from '../state/options.js';
import { noteAnalyzer } from '../hierarchy/parameter-watch.js';
import { FileUse } from '../hierarchy/uses.js';

/**
 * Declares, inside a cached method, that its result depends on a file: when the file's content changes, the result is
 * stale. The content is taken now, and again before the result is committed; if it changed in between, the result is
 * returned and not stored, and likewise where the content cannot be read, as that of a folder. Outside a computation it only
 * returns the path.
 *
 * @param path of a file, or its `file:` URL; it need not exist; a relative one is taken from the present working directory, and `~` is
 * the home folder
 * @returns the path, for `readFileSync(dependsOnFile('dark.fits'))`: as it was given, with the home folder in place of `~`, and
 * a path in place of a URL that is text
 * @throws InvalidOptionError where it is neither
 */
export function dependsOnFile<Path extends string | URL>(path: Path): Path {
  const plain = userPath(path);
  if (plain === undefined)
    throw new InvalidOptionError(`dependsOnFile needs the path of a file, or its file: URL, not ${String(path)}`);
  currentFrame()?.note(new FileUse(plain));
  // What fs takes: it knows neither `~` nor a URL that is text.
  return typeof path === 'string' ? (plain as Path) : path;
}

/**
 * Declares, inside a cached method, that its result depends on the result of another, which the trace cannot see: one
 * that was read in a constructor, for example. Outside a computation it does nothing.
 *
 * @throws NotCachedError where the method is not cached
 * @throws InvalidOptionError where the method is asynchronous and its result is not there yet: await it first
 */
export const dependsOn = ((instance: object, method: MethodName, ...args: unknown[]): void => {
  const info = cachedMethod(instance, method, 'dependsOn');
  const frame = currentFrame();
  const call = frame === undefined || settings.off ? undefined : locate(info, instance, args);
  if (frame === undefined || call === undefined) return;
  const known = knownResult(call);
  if (known !== undefined) {
    noteAnalyzer(instance, frame);
    frame.note(known);
    return;
  }
  if (info.isAsync) {
    throw new InvalidOptionError(
      `dependsOn: ${call.identity.instance}.${call.identity.method} is asynchronous and has no result yet: await it first`,
    );
  }
  // Called through the cache, it notes itself.
  Reflect.apply(info.wrapper, instance, args);
}) as AboutCall<Plain<void>>;
