/** `$NAME` and `${NAME}`, as a shell has them; a variable that is not set stays as it is written. */
export function expandVariables(path: string): string {
  return path.replace(/\$(?:(\w+)|\{([^}]*)\})/g, (text, plain: string | undefined, braced: string | undefined) => {
    return process.env[plain ?? braced ?? ''] ?? text;
  });
}
