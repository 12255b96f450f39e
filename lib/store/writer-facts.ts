import { hostname } from 'node:os';
import { userName } from '../base/user-name.js';
import { version } from '../base/version.js';
import type { EntryRecord } from './record.js';

/** Who writes a record, where, and with what. */
export function writerFacts(): Pick<EntryRecord, 'host' | 'pid' | 'user' | 'node' | 'stowage'> {
  return { host: hostname(), pid: process.pid, user: userName(), node: process.version, stowage: version };
}
