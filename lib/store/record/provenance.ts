import { hostname } from 'node:os';
import { userName } from '../../base/text/user-name.js';
import { VERSION } from '../../base/version.js';
import type { EntryRecord } from './record.js';

let host: string | undefined;

/** Where, and by whom, a result was computed, as its record says it. */
export function circumstances(): Pick<EntryRecord, 'host' | 'pid' | 'user' | 'node' | 'stowage'> {
  host ??= hostname();
  return { host, pid: process.pid, user: userName(), node: process.version, stowage: VERSION };
}
