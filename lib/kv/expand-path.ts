import { homedir } from 'node:os';

/** `~` at the start, `$NAME` and `${NAME}`, as a shell has them; a variable that is not set stays as it is written. */
export function expandPath(path: string): string {
  const withHome = /^~(?=[/\\]|$)/.test(path) ? homedir() + path.slice(1) : path;
  return withHome.replace(/\$(?:(\w+)|\{([^}]*)\})/g, (text, plain: string | undefined, braced: string | undefined) => {
    return process.env[plain ?? braced ?? ''] ?? text;
  });
}
