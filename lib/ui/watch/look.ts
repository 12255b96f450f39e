/** Looking at a folder of tags again and again: only folders that have changed are listed, only new records are read. */
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { recordNamesIn } from '../../cli/choose/entry-names.js';
import { callName } from '../../cli/choose/standing.js';
import { tagFolders, type TagFolder } from '../../cli/choose/tag-folder.js';
import { readClaim } from '../../store/claim/claim-file.js';
import { entryFolders, namesIn } from '../../store/disk/list-files.js';
import type { Computing } from '../contract/messages.js';
import { Codes, hasData, idOf, rowAt, type Row } from './row.js';

/** Records are read so many at a time: meanwhile the page is answered. */
const AT_A_TIME = 100;

/** The clock of a file system may tick slowly: a folder that changed so lately, in ms, is listed once more. */
const UNSETTLED = 2000;

export class Look {
  /** By id. */
  readonly rows = new Map<string, Row>();
  /** By folder: the entries in it, and what is being computed. */
  private readonly within = new Map<string, Set<string>>();
  private readonly claims = new Map<string, Computing[]>();
  private readonly folders = new Map<string, number>();
  private readonly stamps = new Map<string, string>();
  private readonly codes = new Codes();
  private since = 0;

  constructor(
    readonly tmpdir: string,
    readonly prefix: string | undefined,
    /** Is told of what was found so far. */
    private readonly onChange: () => void,
  ) {}

  get computing(): Computing[] {
    return [...this.claims.values()].flat().sort((one, other) => one.since - other.since);
  }

  /** Looks once at everything. @throws CommandError where the folder of tags cannot be read */
  async again(): Promise<void> {
    const before = new Set(this.folders.keys());
    for (const folder of tagFolders(this.tmpdir, this.prefix)) {
      const present: string[] = [];
      const changed = new Set<string>();
      for (const path of entryFolders(folder.path)) {
        present.push(path);
        before.delete(path);
        if (this.hasChanged(path)) changed.add(path);
      }
      if (changed.size > 0) await this.list(folder, changed);
      await this.breathe(present.length);
    }
    for (const path of before) this.forget(path);
  }

  private hasChanged(path: string): boolean {
    const stat = fs.statSync(path, { throwIfNoEntry: false });
    const known = this.folders.get(path);
    if (stat === undefined) return false;
    this.folders.set(path, stat.mtimeMs > Date.now() - UNSETTLED ? NaN : stat.mtimeMs);
    return known !== stat.mtimeMs;
  }

  private async list(folder: TagFolder, changed: ReadonlySet<string>): Promise<void> {
    const gone = new Set([...changed].flatMap((path) => [...(this.within.get(path) ?? [])]));
    for (const place of recordNamesIn(folder.path)) {
      if (!changed.has(dirname(place.stem))) continue;
      const id = idOf(this.tmpdir, place.stem);
      gone.delete(id);
      const stamp = stampOf(place.stem);
      const known = this.rows.get(id);
      if (this.stamps.get(id) === stamp && known?.hasData === hasData(known ?? {}, place.siblings)) continue;
      const row = rowAt(this.tmpdir, folder, place, this.codes);
      if (row === undefined) continue;
      this.keep(row, stamp);
      await this.breathe(1);
    }
    for (const id of gone) this.drop(id);
    for (const path of changed) this.lookForClaims(path, folder);
  }

  private keep(row: Row, stamp: string): void {
    const path = dirname(row.place.stem);
    const within = this.within.get(path) ?? new Set();
    this.within.set(path, within.add(row.id));
    this.stamps.set(row.id, stamp);
    this.rows.set(row.id, row);
    this.onChange();
  }

  /** Between two of many steps others have their turn. */
  private async breathe(steps: number): Promise<void> {
    this.since += steps;
    if (this.since < AT_A_TIME) return;
    this.since = 0;
    await nextTurn();
  }

  private lookForClaims(path: string, folder: TagFolder): void {
    const claims = namesIn(path).flatMap((name) => {
      const content = name.endsWith('.claim') ? readClaim(join(path, name))?.content : undefined;
      if (content === undefined) return [];
      const { since, host, pid, entry } = content;
      return { tag: folder.tag, method: callName(entry), since, where: `${host}, process ${String(pid)}` };
    });
    if (claims.length + (this.claims.get(path)?.length ?? 0) > 0) this.onChange();
    this.claims.set(path, claims);
  }

  private forget(path: string): void {
    this.folders.delete(path);
    this.claims.delete(path);
    for (const id of this.within.get(path) ?? []) this.drop(id);
    this.within.delete(path);
  }

  private drop(id: string): void {
    const row = this.rows.get(id);
    if (row !== undefined) this.within.get(dirname(row.place.stem))?.delete(id);
    this.rows.delete(id);
    this.stamps.delete(id);
    this.onChange();
  }
}

function stampOf(stem: string): string {
  const stat = fs.lstatSync(`${stem}.json`, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? '' : [stat.ino, stat.mtimeNs, stat.size].join(' ');
}
