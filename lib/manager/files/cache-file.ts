/**
 * Where the contents of a cache are saved by default: an entry of the store, `<folder>/<name>.v8` and its record
 * `<name>.json`, written, verified and replaced as results of methods are.
 */
import { isMap } from 'node:util/types';
import * as fs from 'node:fs';
import { inspect } from 'node:util';
import { settings, refuseIfReadonly } from '../../base/settings.js';
import { elapsedSince, now, stopwatch } from '../../base/clock.js';
import { UncacheableValueError } from '../../base/errors.js';
import { removeFile } from '../../base/files/files.js';
import { perform, runNow, type Flow } from '../../base/run/flow.js';
import { pause } from '../../base/run/pause.js';
import { v8Codec } from '../../codec/v8/v8.js';
import { claims, type Claim } from '../../store/claim/claim.js';
import { clearEntries } from '../../store/maintain/clear.js';
import { findEntry } from '../../store/entry/find.js';
import { checkFolder } from '../../store/disk/folder.js';
import { sameIdentity, type Identity } from '../../store/record/identity.js';
import { loadEntry } from '../../store/entry/load.js';
import { placeOf, type Place } from '../../store/disk/place.js';
import { rewriteRecord } from '../../store/entry/rewrite.js';
import { stageEntry } from '../../store/entry/stage.js';
import type { TracedCall } from '../../store/record/traced.js';
import { circumstances } from '../../store/record/provenance.js';
import { CacheNotSavedError } from '../contract/errors.js';
import { tell } from '../contract/telling.js';

/** What managers write as the class of their root. */
export const MANAGER_CLASS = 'CacheManager';

/** Facts saved with the contents of a cache. */
export interface SavedFacts {
  /** Goes up when the cache is invalidated. */
  generation: number;
  /** Results of cached methods that the contents depend on. */
  trace: TracedCall[];
}

/** What loading came to; `contents` are absent where nothing is saved that may be used. */
export interface LoadedFile extends SavedFacts {
  contents?: Map<unknown, unknown>;
}

/** Seconds for which others may put their files in place, and seconds between two looks whether they have. */
const LONGEST_CLAIM = 5;
const CLAIM_PAUSE = 0.002;

const nothingSaved: LoadedFile = { generation: 0, trace: [] };

export class CacheFile {
  private readonly identity: Identity;
  private readonly place: Place;
  /** Something lies there that could not be loaded. */
  private isDamaged = false;

  /** @param folderName name of the manager's folder */
  constructor(
    baseFolder: string,
    folderName: string,
    private readonly name: string,
  ) {
    this.identity = { prefix: '', tag: folderName, instance: '', rootClass: MANAGER_CLASS, method: name, name };
    this.place = placeOf(baseFolder, this.identity);
  }

  /** Loads what was saved and is not invalidated. What cannot be loaded is told, kept, and put aside by the next save. */
  *load(): Flow<LoadedFile> {
    const { place, identity } = this;
    try {
      const loaded = yield* loadEntry(place, identity, { refuse: refuseInvalidated, writable: !settings.readonly });
      switch (loaded.kind) {
        case 'value': {
          const { generation, trace } = loaded.record;
          if (!isMap(loaded.value)) return this.damaged(`${loaded.stem}.json`, 'it holds no Map');
          return { contents: loaded.value, generation, trace: trace.filter((item) => 'call' in item) };
        }
        case 'pruned':
          return { generation: loaded.record.generation, trace: [] };
        case 'missing':
          this.tellStranger();
          return nothingSaved;
        case 'refused':
          return { generation: loaded.record.generation, trace: [] };
        case 'corrupt':
          return this.damaged(`${loaded.stem}.json`, loaded.reason);
        case 'unreadable':
          return this.damaged(`${loaded.stem}.json`, `unreadable here: ${loaded.error.message}`, loaded.error);
      }
    } catch (error) {
      this.isDamaged = true;
      tell('fault', this.identity.tag, this.name, `could not be loaded, and is taken as not saved: ${String(error)}`, {
        file: place.plain,
        error,
      });
      return nothingSaved;
    }
  }

  /**
   * Saves. The contents are encoded before the first step that waits.
   * @param isMeant asked when all is written: are these contents still to be saved?
   * @throws UncacheableValueError, or the file system's error, with what was saved before in place
   */
  *save(contents: ReadonlyMap<unknown, unknown>, facts: SavedFacts, isMeant: () => boolean): Flow<void> {
    const encoded = encode(contents);
    const { place, identity } = this;
    const draft = { ...facts, type: '', digest: '', computedAt: now(), seconds: 0, code: '', ...circumstances() };
    const staged = yield* stageEntry(place, identity, v8Codec, encoded, draft, { durable: true });
    const claim = yield* this.claim();
    try {
      if (!isMeant()) {
        staged.abandon();
        return;
      }
      if (this.isDamaged) putAside(staged.stem);
      staged.commit();
    } catch (error) {
      staged.abandon();
      throw error;
    } finally {
      claim.release();
    }
    this.isDamaged = false;
    tell('store', identity.tag, this.name, undefined, { file: staged.file, bytes: staged.bytes });
  }

  /** The generation of the saved contents; 0 where there are none, or none that can be read. */
  generation(): number {
    try {
      const found = checkFolder(this.place.folder) ? findEntry(this.place, this.identity) : undefined;
      return found?.kind === 'entry' ? found.record.generation : 0;
    } catch {
      return 0;
    }
  }

  /** The saved contents are not used any more; they stay until the next save. File system errors are thrown. */
  invalidate(generation: number): void {
    if (!checkFolder(this.place.folder) || findEntry(this.place, this.identity).kind !== 'entry') return;
    refuseIfReadonly(`invalidating the cache '${this.name}'`);
    const claim = runNow(this.claim());
    try {
      const found = findEntry(this.place, this.identity);
      if (found.kind !== 'entry') return;
      const next = Math.max(generation, found.record.generation + 1);
      rewriteRecord(found.stem, { ...found.record, generation: next, invalidated: true });
    } finally {
      claim.release();
    }
  }

  /** Removes the saved contents. File system errors are thrown. */
  delete(): void {
    refuseIfReadonly(`deleting the saved contents of the cache '${this.name}'`);
    clearEntries(this.place.folder, (identity) => sameIdentity(identity, this.identity));
    const left = findEntry(this.place, this.identity);
    if (left.kind === 'damaged') for (const extension of ['json', 'v8']) removeFile(`${left.stem}.${extension}`);
  }

  /**
   * The right to put files in place: two writers at once could leave the data of one beside the record of the other. It
   * is held for two renames; a writer that cannot have it goes on without.
   */
  private *claim(): Flow<Claim> {
    const { place, identity } = this;
    const claim = claims.draft(place, identity);
    for (const start = stopwatch(); elapsedSince(start) < LONGEST_CLAIM;) {
      try {
        if (claims.attempt(claim).kind !== 'held') break;
      } catch {
        // A disk that refuses a claim has its say in what comes.
        break;
      }
      yield* perform(pause(CLAIM_PAUSE));
    }
    return claim;
  }

  private damaged(file: string, reason: string, error?: Error): LoadedFile {
    this.isDamaged = true;
    tell('corrupt', this.identity.tag, this.name, `is damaged, and taken as not saved: ${reason}`, { file, error });
    return nothingSaved;
  }

  /** What has the name of the record and is none, or is damaged beyond recognition, stays: the next save takes another. */
  private tellStranger(): void {
    const file = `${this.place.plain}.json`;
    if (!fs.existsSync(file)) return;
    tell('corrupt', this.identity.tag, this.name, `is taken as not saved: ${file} is not its record, or damaged`, {
      file,
    });
  }
}

/** Nothing is removed unasked: what could not be loaded, and has the name that is needed now, gets another. */
function putAside(stem: string): void {
  for (const path of [`${stem}.json`, `${stem}.v8`]) {
    if (fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined)
      fs.renameSync(path, `${path}.damaged-${Date.now()}`);
  }
}

// eslint-disable-next-line require-yield -- a judgement without steps
function* refuseInvalidated(record: { invalidated?: true }): Flow<string | undefined> {
  return record.invalidated === true ? 'invalidated' : undefined;
}

function encode(contents: ReadonlyMap<unknown, unknown>): ReturnType<typeof v8Codec.encode> {
  try {
    return v8Codec.encode(contents);
  } catch (error) {
    if (!(error instanceof UncacheableValueError)) throw error;
    // What it calls a result is, here, all the contents.
    const [, index] = /^result\[(\d+)\]/.exec(error.path) ?? [];
    const entry = index === undefined ? undefined : [...contents.keys()][Number(index)];
    throw new CacheNotSavedError(`${index === undefined ? '' : `under the key ${inspect(entry)}: `}${error.message}`, {
      cause: error,
    });
  }
}
