import type { Backend } from '../contract/backend.js';
import type { RemoteSettings } from '../contract/remote-options.js';
import { FileBackend } from './file-backend.js';
import { S3Backend } from './s3-backend.js';

/** The objects of a remote. Nothing is asked for yet. */
export function openBackend({ at, timeout }: RemoteSettings): Backend {
  return at.kind === 'file' ? new FileBackend(at.folder) : new S3Backend(at, timeout);
}
