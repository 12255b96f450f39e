/** Whose a result is: the packages or scripts that define its classes. */

const SCRIPT = /^script (.*?)(?:#([0-9a-f]{16}))?$/s;

/**
 * Are these the same packages or scripts? A script is known by its path or by its text. Where one of both says nothing, as a
 * record from before this was said, nothing speaks against it.
 */
export function isSameOwner(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined || one === other) return true;
  const [ones, others] = [one.split(' + '), other.split(' + ')];
  return ones.length === others.length && ones.every((name, index) => isSamePart(name, others[index] as string));
}

function isSamePart(one: string, other: string): boolean {
  if (one === other) return true;
  const [, path, text] = SCRIPT.exec(one) ?? [];
  const [, otherPath, otherText] = SCRIPT.exec(other) ?? [];
  return (
    path !== undefined && otherPath !== undefined && (path === otherPath || (text !== undefined && text === otherText))
  );
}
