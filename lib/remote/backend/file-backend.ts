/** A remote in a folder that several hosts have mounted. */
import * as fs from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { codeOf, messageOf } from '../../base/thrown.js';
import { RemoteError } from '../../base/errors.js';
import {
  discardFile,
  isErrno,
  removeFile,
  syncFolder,
  syncToDisk,
  temporaryName,
  writeAll,
} from '../../base/files/files.js';
import { createFile, shareAs } from '../../base/files/new-file.js';
import { NotAFileError, openRegularFile } from '../../base/files/open-regular-file.js';
import type { Asking, Backend, Listed, Putting } from '../contract/backend.js';
import { orAborted } from './or-aborted.js';

export class FileBackend implements Backend {
  readonly url: string;

  constructor(private readonly folder: string) {
    this.url = `file://${folder}`;
  }

  get(name: string, most: number, { signal }: Asking = {}): Promise<Uint8Array | undefined> {
    return this.asking(name, signal, async () => {
      const file = openIfThere(this.pathOf(name));
      if (file === undefined) return undefined;
      const handle = Buffer.alloc(Math.min(Number(file.stat.size), most + 1));
      try {
        let done = 0;
        while (done < handle.length) {
          const count = await readSome(file.fd, handle, done);
          if (count === 0) break;
          done += count;
        }
        return handle.subarray(0, done);
      } finally {
        fs.closeSync(file.fd);
      }
    });
  }

  put(name: string, bytes: Uint8Array, { ifAbsent = false, signal }: Putting = {}): Promise<boolean> {
    return this.asking(name, signal, async () => {
      const path = this.pathOf(name);
      if (ifAbsent && fs.existsSync(path)) return false;
      this.makeFolders(dirname(path));
      const temporary = temporaryName(path);
      try {
        const fd = createFile(temporary, true);
        try {
          await writeAll(fd, [bytes]).async();
          await syncToDisk(fd).async();
        } finally {
          fs.closeSync(fd);
        }
        signal?.throwIfAborted();
        if (!ifAbsent) fs.renameSync(temporary, path);
        else if (!linked(temporary, path)) return false;
        syncFolder(dirname(path));
        return true;
      } finally {
        discardFile(temporary);
      }
    });
  }

  async *list(prefix: string, { signal }: Asking = {}): AsyncGenerator<Listed> {
    const folder = prefix.endsWith('/') ? prefix : prefix.slice(0, prefix.lastIndexOf('/') + 1);
    const names = [folder];
    for (const name of names) {
      const entries = await this.asking(name, signal, () => entriesOf(this.pathOf(name)));
      for (const entry of entries) {
        const path = name + entry.name;
        if (entry.isDirectory()) names.push(`${path}/`);
        else if (entry.isFile() && path.startsWith(prefix)) {
          const listed = await this.head(path);
          if (listed !== undefined) yield listed;
        }
      }
    }
  }

  head(name: string, { signal }: Asking = {}): Promise<Listed | undefined> {
    return this.asking(name, signal, async () => {
      try {
        const stat = await fs.promises.lstat(this.pathOf(name));
        return stat.isFile() ? { name, bytes: stat.size, modifiedAt: stat.mtimeMs / 1000 } : undefined;
      } catch (error) {
        if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return undefined;
        throw error;
      }
    });
  }

  delete(name: string, { signal }: Asking = {}): Promise<void> {
    return this.asking(name, signal, () => {
      removeFile(this.pathOf(name));
      return Promise.resolve();
    });
  }

  private pathOf(name: string): string {
    return join(this.folder, ...name.split('/'));
  }

  /** Each is for those for whom the folder around it is. */
  private makeFolders(folder: string): void {
    if (fs.existsSync(folder)) return;
    // A share that is not mounted is not made up for: the folder above it must be there.
    if (folder !== this.folder) this.makeFolders(dirname(folder));
    try {
      fs.mkdirSync(folder, { mode: 0o700 });
      shareAs(dirname(folder), folder, 0o7777);
    } catch (error) {
      if (!isErrno(error, 'EEXIST')) throw error;
    }
  }

  private async asking<T>(name: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    try {
      return await orAborted(work(), signal);
    } catch (cause) {
      if (cause instanceof RemoteError || signal?.aborted === true) throw cause;
      throw new RemoteError(codeOf(cause) ?? 'UNKNOWN', `${this.url}: ${name}: ${messageOf(cause)}`, { cause });
    }
  }
}

async function entriesOf(path: string): Promise<fs.Dirent[]> {
  try {
    return await fs.promises.readdir(path.endsWith(sep) ? path.slice(0, -1) : path, { withFileTypes: true });
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return [];
    throw error;
  }
}

function openIfThere(path: string): ReturnType<typeof openRegularFile> | undefined {
  try {
    return openRegularFile(path, { followsLinks: false });
  } catch (error) {
    // What is there in the place of a file is as good as nothing.
    if (error instanceof NotAFileError || isErrno(error, 'ELOOP')) return undefined;
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return undefined;
    throw error;
  }
}

function readSome(fd: number, into: Buffer, offset: number): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.read(fd, into, offset, Math.min(into.length - offset, 1 << 30), offset, (error, count) => {
      if (error === null) resolve(count);
      else reject(error);
    });
  });
}

/** Gives a file another name, unless there is one of that name. @returns whether it did */
function linked(from: string, to: string): boolean {
  try {
    fs.linkSync(from, to);
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    // A file system without second names: the last one wins.
    fs.renameSync(from, to);
    return true;
  }
}
