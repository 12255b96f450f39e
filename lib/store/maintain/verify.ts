/**
 * The whole of a tag's folder, file by file: entries are inspected, what dead writers left is named, what is not ours is
 * told apart. Nothing outside the folder is read or removed, and no link is followed. What is in memory at a time are the
 * names in one folder, one record and a block of data, or, to be decoded, data of up to 64 MiB.
 */
import * as fs from 'node:fs';
import { opendir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { discardFile, isErrno, removeEmptyFolders, removeFile } from '../../base/files/files.js';
import { runAsync } from '../../base/run/flow.js';
import { openRegularFile } from '../../base/files/open-regular-file.js';
import { finalNameOf } from '../../base/files/writer.js';
import { dataExtensions } from '../../codec/registry.js';
import { MAGIC } from '../../codec/v8/format.js';
import { claims } from '../claim/claim.js';
import { filesOf } from '../record/files-of.js';
import { LARGEST_RECORD, readRecordText } from '../record/read-text.js';
import { isLeftover, settleFolder } from '../entry/leftovers.js';
import { isVersionStem } from '../entry/versions.js';
import { entryFolders, namesIn } from '../disk/list-files.js';
import type { Identity } from '../record/identity.js';
import { parseRecord, readIdentity, type EntryRecord } from '../record/record.js';
import { toldError } from '../entry/disk-errors.js';
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

const KEPT: readonly VerifyProblem[] = ['unreadable', 'foreign'];

/** Seconds to wait before looking again at what does not fit: a writer may be between two renames. */
const WRITERS_TIME = [0.001, 0.01, 0.1];

/** Verifies a folder. @throws StowageError `STOWAGE_DISK` where it cannot be read */
export async function verifyFolder(folder: string, options: VerifyFolderOptions): Promise<VerifyReport> {
  try {
    return await new Verification(folder, options).run();
  } catch (error) {
    throw toldError(folder, 'read', error);
  }
}

/** What the first look at a folder leaves for later. */
interface FirstLook {
  /** Records that do not fit their data. */
  doubtful: string[];
  /** Files that may be data. */
  data: string[];
  /** Files that a record speaks of. */
  described: Set<string>;
  /** Names of temporary files whose writers are dead. */
  leftovers: string[];
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
      if (this.isAborted()) return this.report;
      await this.lookInto(directory);
      if (this.options.repair && directory !== this.folder) removeEmptyFolders(directory, `${this.folder}/`);
    }
    return this.report;
  }

  private isAborted(): boolean {
    return this.options.signal?.aborted === true;
  }

  /** Most of what is there is sound at the first look. The folder is listed once more for all the rest, not for each. */
  private async lookInto(directory: string): Promise<void> {
    const first: FirstLook = { doubtful: [], data: [], described: new Set(), leftovers: [] };
    for await (const file of await openIfThere(directory)) {
      if (this.isAborted()) return;
      if (file.isDirectory() && directory === this.folder) this.lookBetween(join(directory, file.name));
      else await this.look(directory, file, first);
    }
    this.noteLeftovers(directory, first.leftovers);
    await this.lookAgain(directory, [...first.doubtful, ...first.data.filter((path) => !first.described.has(path))]);
  }

  /** The folder of a method's calls holds nothing but folders, which are looked into by themselves. */
  private lookBetween(directory: string): void {
    for (const name of namesIn(directory)) {
      const path = join(directory, name);
      if (fs.lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === false) this.foreign(path, 'it is not ours');
    }
  }

  private async look(directory: string, file: fs.Dirent, first: FirstLook): Promise<void> {
    const { name } = file;
    const path = join(directory, name);
    if (!file.isFile()) this.foreign(path, file.isSymbolicLink() ? 'it is a symbolic link' : 'it is no file');
    else if (name.endsWith('.json')) {
      if (!(await this.lookAtRecord(path, true, first.described))) first.doubtful.push(path);
    } else if (finalNameOf(name) !== undefined) {
      if (isLeftover(directory, name)) first.leftovers.push(name);
    } else if (claims.isAbandoned(path)) this.lookAtOldClaim(path);
    else if (!isOther(name)) first.data.push(path);
  }

  /** What did not fit may be right a moment later: a writer is between two renames. */
  private async lookAgain(directory: string, paths: readonly string[]): Promise<void> {
    let rest = paths;
    for (const wait of [...WRITERS_TIME, undefined]) {
      if (rest.length === 0) return;
      // Before the records are read: what has no temporary file any more has its record in place, or never had any.
      const inTheMaking = new Set(namesIn(directory).map((name) => withoutExtension(finalNameOf(name) ?? '')));
      const unsettled: string[] = [];
      for (const path of rest) {
        if (this.isAborted()) return;
        const isBeingWritten = inTheMaking.has(withoutExtension(basename(path)));
        const mayWait = isBeingWritten && wait !== undefined;
        const isSettled = path.endsWith('.json')
          ? await this.lookAtRecord(path, mayWait)
          : this.lookAtData(path, isBeingWritten, mayWait);
        if (!isSettled) unsettled.push(path);
      }
      rest = unsettled;
      if (rest.length > 0 && wait !== undefined) await setTimeout(wait * 1000);
    }
  }

  /**
   * @param described told which files the record speaks of
   * @returns whether that was all: what is faulty, and may not be in a moment, is not spoken of yet
   */
  private async lookAtRecord(path: string, mayWait: boolean, described?: Set<string>): Promise<boolean> {
    const stem = withoutExtension(path);
    if ((fs.lstatSync(path, { throwIfNoEntry: false })?.size ?? 0) > LARGEST_RECORD) {
      this.foreign(path, 'it is too large for a record');
      return true;
    }
    for (;;) {
      const text = readRecordText(path);
      // It has been removed meanwhile.
      if (text === undefined) return true;
      const identity = readIdentity(text);
      if (identity !== undefined && this.options.matches?.(identity) === false) {
        describe(path, parseRecord(text), described);
        return true;
      }
      const { record, fault, isPruned } = await runAsync(inspectEntry(this.folder, stem, text)).catch(unread);
      describe(path, record, described);
      if (fault !== undefined && !KEPT.includes(fault.problem)) {
        if (mayWait) return false;
        if (readRecordText(path) !== text) continue;
      }
      this.noteEntry({ path, stem, text, record, fault, isPruned, identity });
      this.options.onEntry?.();
      return true;
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
    if (fault?.problem !== 'leftover') this.report.entries++;
    if (fault === undefined) {
      this.report.sound++;
      if (isVersionStem(stem)) this.report.versions++;
      if (isPruned === true) this.report.pruned++;
      else this.report.bytes += record?.bytes ?? 0;
      return;
    }
    const data = record?.file === undefined ? dataOfDamaged(stem, text) : join(dirname(stem), record.file);
    this.note({ file: path, ...fault, ...(identity !== undefined && { identity }) }, () => {
      // A writer that has replaced it since has made it right.
      if (readRecordText(path) !== text) return false;
      removeFile(path);
      if (data !== undefined && !isLink(data)) removeFile(data);
      return true;
    });
  }

  private noteLeftovers(directory: string, names: readonly string[]): void {
    // Finishes what only lacked its record's name; the rest goes.
    if (this.options.repair && names.length > 0) settleFolder(this.folder, directory);
    for (const name of names) {
      const path = join(directory, name);
      this.note({ file: path, problem: 'leftover', detail: 'its writer is dead' }, () => {
        discardFile(path);
        return true;
      });
    }
  }

  private lookAtOldClaim(file: string): void {
    this.note({ file, problem: 'leftover', detail: 'a claim that nobody holds' }, () => claims.clear(file, () => true));
  }

  /** @returns whether that was all: its record may just be about to get its name */
  private lookAtData(path: string, isBeingWritten: boolean, mayWait: boolean): boolean {
    const stem = withoutExtension(path);
    const text = readRecordText(`${stem}.json`) ?? '';
    const record = parseRecord(text);
    if ((record !== undefined && filesOf(stem, record).includes(path)) || !fs.existsSync(path)) return true;
    if (isBeingWritten) return !mayWait;
    // That of a damaged record is spoken of with it.
    if (dataOfDamaged(stem, text) === path) return true;
    if (isOnlyOurs(this.folder, path)) {
      this.note({ file: path, problem: 'orphan', detail: 'no record speaks of it' }, () => removeFile(path));
      return true;
    }
    // Where its record would be, adopt writes over nothing.
    const advice = fs.existsSync(`${stem}.json`) ? `${basename(stem)}.json beside it is none` : 'adopt may write one';
    this.foreign(
      path,
      dataExtensions().includes(extname(path).slice(1)) ? `no record speaks of it; ${advice}` : 'it is not ours',
    );
    return true;
  }

  private foreign(file: string, detail: string): void {
    if (this.options.matches === undefined) this.note({ file, problem: 'foreign', detail });
  }

  private note(finding: VerifyFinding, remove?: () => boolean): void {
    if (this.options.repair && remove !== undefined && !KEPT.includes(finding.problem)) {
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

/** A folder that was removed meanwhile has nothing in it. */
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

/** The folder's mark, and claims: the calls that wait for an entry or compute it see to those. */
function isOther(name: string): boolean {
  return name === 'CACHEDIR.TAG' || name.endsWith('.claim');
}

function withoutExtension(path: string): string {
  return path.slice(0, path.length - extname(path).length);
}

function describe(path: string, record: EntryRecord | undefined, described: Set<string> | undefined): void {
  if (record === undefined || described === undefined) return;
  for (const file of filesOf(withoutExtension(path), record)) described.add(file);
}

/** Data under a name that only we give (a call's key, or the digest of an identity), or in a format that only we write. */
function isOnlyOurs(folder: string, path: string): boolean {
  const name = basename(path);
  const extension = extname(name).slice(1);
  if (!dataExtensions().includes(extension)) return false;
  const stem = name.slice(0, -1 - extension.length);
  const isKeyed = dirname(dirname(dirname(path))) === folder && /^[0-9a-f]{62}(?:~[0-9a-f]{16})?$/.test(stem);
  return isKeyed || isVersionStem(stem) || /~[0-9a-f]{16}$/.test(stem) || (extension === 'v8' && isBlob(path));
}

/** Does a file begin as our blobs do? */
function isBlob(path: string): boolean {
  try {
    const { fd } = openRegularFile(path, { followsLinks: false });
    try {
      const start = Buffer.alloc(MAGIC.length);
      fs.readSync(fd, start, 0, start.length, 0);
      return start.toString('latin1') === MAGIC;
    } finally {
      fs.closeSync(fd);
    }
  } catch {
    // Gone, or out of reach: nothing says that it is ours.
    return false;
  }
}

function isLink(path: string): boolean {
  return fs.lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}
