/** Names of settings: `diskMinFileSize` in TypeScript, `disk_min_file_size` in the database. */

/** The name in the database. */
export function databaseName(name: string): string {
  return name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
}

/** The name in TypeScript. */
export function settingName(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** `diskMinFileSize` without `disk`: `minFileSize`. `undefined` where the name does not begin so. */
export function nameWithin(group: 'disk' | 'sqlite', name: string): string | undefined {
  const rest = name.slice(group.length);
  if (!name.startsWith(group) || !/^[A-Z]/.test(rest)) return undefined;
  return rest.charAt(0).toLowerCase() + rest.slice(1);
}
