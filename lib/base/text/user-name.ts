import { userInfo } from 'node:os';

/** The user who runs this process, as records name her. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container's user may have no entry in the password file.
    return String(process.geteuid?.() ?? '');
  }
}
