import { userInfo } from 'node:os';

/** The user that was asked about last: the system reads a file to say who that is. */
let known: { id: number | undefined; name: string } | undefined;

/** The user who runs this process, as records name her. */
export function userName(): string {
  const id = process.geteuid?.();
  if (known === undefined || known.id !== id) known = { id, name: nameOf(id) };
  return known.name;
}

function nameOf(id: number | undefined): string {
  try {
    return userInfo().username;
  } catch {
    // A container's user may have no entry in the password file.
    return String(id ?? '');
  }
}
