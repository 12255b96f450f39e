/**
 * The whole of a tag's folder, file by file: entries are inspected, what dead writers left is named, what is not ours is
 * told apart. Nothing outside the folder is read or removed, and no link is followed. What is in memory at a time is one
 * record and a block of data, or, to be decoded, data of up to 64 MiB.
 */
import * as fs from 'node:fs';
import { opendir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { discardFile, isErrno, removeEmptyFolders, removeFile } from '../base/files.js';
import { runAsync } from '../base/flow.js';
import { openRegularFile } from '../base/open-regular-file.js';
import { finalNameOf } from '../base/writer.js';
import { dataExtensions } from '../codec/registry.js';
import { MAGIC } from '../codec/v8-format.js';
import { isClaimOver, removeClaimIfOver } from './claim-clear.js';
import { filesOf } from './clear.js';
import { readRecordText } from './read-text.js';
import { isLeftover, settleEntry } from './leftovers.js';
import { entryFolders, namesIn } from './list-files.js';
import type { Identity } from './identity.js';
import { parseRecord, readIdentity, type EntryRecord } from './record.js';
import { dataOfDamaged, inspectEntry, type Fault, type Inspected } from './verify-entry.js';
import { emptyReport, type VerifyFinding, type VerifyProblem, type VerifyReport } from './verify-report.js';

/** How to verify. */
export interface VerifyFolderOptions {
  /** Remove what is wrong. What is foreign, and what is only unreadable, stays. */
  repair: boolean;
  /** Which entries to look at. With this, foreign files are not spoken of. @defaultValue all */
  matches?: (identity: Identity) => boolean;
  /** Told of each entry once it has been looked at. */
  onEntry?: () => void;
  /** Ends the verification between two files; the report says what was found until then. */
  signal?: AbortSignal;
}

const kept: readonly VerifyProblem[] = ['unreadable', 'foreign'];

/** Seconds to wait before looking again at what does not fit: a writer may be between two renames. */
const writersTime = [0.001, 0.01, 0.1];

/** A record is some kilobytes, and the longest trace makes it some megabytes. */
const largestRecord = 1 << 28;

/** Verifies a folder. File system errors are thrown. */
export async function verifyFolder(folder: string, options: VerifyFolderOptions): Promise<VerifyReport> {
  return new Verification(folder, options).run();
}

class Verification {
  private readonly report: VerifyReport;

  constructor(
    private readonly folder: string,
    private readonly options: VerifyFolderOptions,
  ) {
    this.report = emptyReport(folder);
  }

  async run(): Promise<VerifyReport> {
    for (const directory of entryFolders(this.folder)) {
      for await (const file of await openIfThere(directory)) {
        if (this.options.signal?.aborted === true) return this.report;
        if (file.isDirectory() && directory === this.folder) this.lookBetween(join(directory, file.name));
        else await this.look(directory, file);
      }
      if (this.options.repair && directory !== this.folder) removeEmptyFolders(directory, `${this.folder}/`);
    }
    return this.report;
  }

  /** The folder of a method's calls holds nothing but folders, which are looked into by themselves. */
  private lookBetween(directory: string): void {
    for (const name of namesIn(directory)) {
      const path = join(directory, name);
      if (fs.lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === false) this.foreign(path, 'it is not ours');
    }
  }

  private async look(directory: string, file: fs.Dirent): Promise<void> {
    const { name } = file;
    const path = join(directory, name);
    if (!file.isFile()) this.foreign(path, file.isSymbolicLink() ? 'it is a symbolic link' : 'it is no file');
    else if (name.endsWith('.json')) await this.lookAtRecord(path);
    else if (finalNameOf(name) !== undefined) this.lookAtTemporary(directory, name);
    else if (isClaimOver(path)) this.lookAtOldClaim(path);
    else if (!isOther(name)) await this.lookAtData(path);
  }

  private async lookAtRecord(path: string): Promise<void> {
    const stem = path.slice(0, -'.json'.length);
    if ((fs.lstatSync(path, { throwIfNoEntry: false })?.size ?? 0) > largestRecord) {
      this.foreign(path, 'it is too large for a record');
      return;
    }
    for (let attempt = 0; ; ) {
      const text = readRecordText(path);
      // Somebody has removed it meanwhile.
      if (text === undefined) return;
      const identity = readIdentity(text);
      if (identity !== undefined && this.options.matches?.(identity) === false) return;
      const { record, fault, isPruned } = await runAsync(inspectEntry(this.folder, stem, text)).catch(unread);
      if (fault === undefined || kept.includes(fault.problem) || readRecordText(path) === text) {
        const wait = fault !== undefined && hasTemporary(stem) ? writersTime[attempt++] : undefined;
        if (wait === undefined) {
          this.noteEntry({ path, stem, text, record, fault, isPruned, identity });
          this.options.onEntry?.();
          return;
        }
        await setTimeout(wait * 1000);
      }
    }
  }

  private noteEntry(seen: {
    path: string;
    stem: string;
    text: string;
    record: EntryRecord | undefined;
    fault: Fault | undefined;
    isPruned: true | undefined;
    identity: Identity | undefined;
  }): void {
    const { path, stem, text, record, fault, isPruned, identity } = seen;
    if (fault?.problem === 'foreign') {
      this.foreign(path, fault.detail);
      return;
    }
    this.report.entries++;
    if (fault === undefined) {
      this.report.sound++;
      if (isPruned === true) this.report.pruned++;
      else this.report.bytes += record?.bytes ?? 0;
      return;
    }
    const data = record?.file === undefined ? dataOfDamaged(stem, text) : join(dirname(stem), record.file);
    this.note({ file: path, ...fault, ...(identity !== undefined && { identity }) }, () => {
      // A writer that has replaced it since has made it right.
      if (readRecordText(path) !== text) return false;
      settleEntry(this.folder, stem);
      if (readRecordText(path) !== text) return true;
      removeFile(path);
      if (data !== undefined && !isLink(data)) removeFile(data);
      return true;
    });
  }

  private lookAtTemporary(directory: string, name: string): void {
    if (!isLeftover(directory, name)) return;
    const path = join(directory, name);
    this.note({ file: path, problem: 'leftover', detail: 'its writer is dead' }, () => {
      // Finishes what only lacked its record's name; the rest goes.
      const final = join(directory, finalNameOf(name) ?? name);
      settleEntry(this.folder, final.slice(0, -extname(final).length));
      discardFile(path);
      return true;
    });
  }

  private lookAtOldClaim(file: string): void {
    this.note({ file, problem: 'leftover', detail: 'a claim that nobody holds' }, () => removeClaimIfOver(file, () => true));
  }

  private async lookAtData(path: string): Promise<void> {
    const extension = extname(path);
    const stem = path.slice(0, -extension.length);
    for (const wait of [...writersTime, undefined]) {
      // In this order: whoever has no temporary file any more has its record in place, or never had any.
      const isBeingWritten = hasTemporary(stem);
      const record = parseRecord(readRecordText(`${stem}.json`) ?? '');
      if ((record !== undefined && filesOf(record).includes(basename(path))) || !fs.existsSync(path)) return;
      if (isBeingWritten && wait === undefined) return;
      if (wait === undefined || !isBeingWritten) break;
      await setTimeout(wait * 1000);
    }
    // That of a damaged record is spoken of with it.
    if (dataOfDamaged(stem, readRecordText(`${stem}.json`) ?? '') === path) return;
    if (!isOnlyOurs(this.folder, path)) {
      // Where its record would be, adopt writes over nothing.
      const advice = fs.existsSync(`${stem}.json`) ? `${basename(stem)}.json beside it is none` : 'adopt may write one';
      this.foreign(path, dataExtensions().includes(extension.slice(1)) ? `no record speaks of it; ${advice}` : 'it is not ours');
      return;
    }
    this.note({ file: path, problem: 'orphan', detail: 'no record speaks of it' }, () => removeFile(path));
  }

  private foreign(file: string, detail: string): void {
    if (this.options.matches === undefined) this.note({ file, problem: 'foreign', detail });
  }

  private note(finding: VerifyFinding, remove?: () => boolean): void {
    if (this.options.repair && remove !== undefined && !kept.includes(finding.problem)) {
      try {
        if (remove()) finding.removed = true;
      } catch (error) {
        finding.detail += `; it could not be removed: ${String(error)}`;
      }
    }
    this.report.problems[finding.problem]++;
    this.report.findings.push(finding);
  }
}

/** A folder that somebody has removed meanwhile has nothing in it. */
async function openIfThere(directory: string): Promise<AsyncIterable<fs.Dirent>> {
  return opendir(directory).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return Readable.from([]) as AsyncIterable<fs.Dirent>;
    throw error;
  });
}

/** What the system does not let us read may be right. */
function unread(error: unknown): Inspected {
  return { fault: { problem: 'unreadable', detail: String(error) } };
}

/** The folder's mark, and claims: whoever waits for an entry or computes it sees to those. */
function isOther(name: string): boolean {
  return name === 'CACHEDIR.TAG' || name.endsWith('.claim') || name.endsWith('.dead');
}

/** Is somebody writing the entry, or has somebody who died? */
function hasTemporary(stem: string): boolean {
  const start = `${basename(stem)}.`;
  return namesIn(dirname(stem)).some((name) => name.startsWith(start) && finalNameOf(name) !== undefined);
}

/** Data under a name that only we give (a call's key, or the digest of an identity), or in a format that only we write. */
function isOnlyOurs(folder: string, path: string): boolean {
  const name = basename(path);
  const extension = extname(name).slice(1);
  if (!dataExtensions().includes(extension)) return false;
  const stem = name.slice(0, -1 - extension.length);
  const isKeyed = dirname(dirname(dirname(path))) === folder && /^[0-9a-f]{62}(?:~[0-9a-f]{16})?$/.test(stem);
  return isKeyed || /~[0-9a-f]{16}$/.test(stem) || (extension === 'v8' && isBlob(path));
}

/** Does a file begin as our blobs do? */
function isBlob(path: string): boolean {
  const { fd } = openRegularFile(path, { followsLinks: false });
  try {
    const start = Buffer.alloc(MAGIC.length);
    fs.readSync(fd, start, 0, start.length, 0);
    return start.toString('latin1') === MAGIC;
  } finally {
    fs.closeSync(fd);
  }
}

function isLink(path: string): boolean {
  return fs.lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}
