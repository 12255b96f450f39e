/** Files in which something stands that will be looked at: a class with cached methods, for one. */
const noted = new Set<string>();

export function noteFile(file: string): void {
  noted.add(file);
}

export function notedFiles(): Iterable<string> {
  return noted;
}
