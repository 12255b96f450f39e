/** Where a user's programs keep what they can make again, as each system names it. */
import { accessSync, constants } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Below the home folder: Apple's File System Programming Guide, the XDG Base Directory Specification. */
const BELOW_HOME: Readonly<Record<string, readonly string[]>> = {
  darwin: ['Library', 'Caches'],
  win32: ['AppData', 'Local'],
};

/**
 * The user's cache folder, which need not exist: `XDG_CACHE_HOME` where it is set (a relative one does not count, as its
 * specification says), `LOCALAPPDATA` on Windows, else `~/.cache`, or `~/Library/Caches` on macOS. A user without a home
 * folder that can be written to (a container's number, `nobody`) has one of their own in the system's temporary folder.
 */
export function userCacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const named = [env.XDG_CACHE_HOME, process.platform === 'win32' ? env.LOCALAPPDATA : undefined];
  const absolute = named.find((folder) => folder !== undefined && isAbsolute(folder));
  if (absolute !== undefined) return absolute;
  const home = writableHome();
  return home === undefined
    ? join(tmpdir(), `stowage-of-${userName()}`)
    : join(home, ...(BELOW_HOME[process.platform] ?? ['.cache']));
}

function writableHome(): string | undefined {
  try {
    const home = homedir();
    accessSync(home, constants.W_OK);
    return home;
  } catch {
    return undefined;
  }
}

/** Windows has no numbers of users, and a container's user may have no name. */
function userName(): string {
  return String(process.getuid?.() ?? userInfo().username);
}
