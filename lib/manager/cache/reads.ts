/**
 * What computations read of a cache: noted in their traces, so that a result is stale when that is no longer what it was;
 * and told to what memory holds when it changes.
 */
import { valueDigest } from '../../key/canonical/canonical.js';
import { storedFolder } from '../../base/files/data-roots.js';
import type { TracedParameter, TracedRoot } from '../../store/record/traced.js';
import { dependents } from '../../trace/dependents.js';
import { currentFrame, type Frame, type Use } from '../../trace/frame.js';
import { parameterName, scopeText } from '../../trace/names.js';
import { enterTable, leaveTable, type Table, type TableRead } from '../../trace/tables.js';
import { MANAGER_CLASS } from '../files/cache-file.js';
import { keyOfText, textOfKey } from './key-text.js';

/** Stands for all that a cache holds. */
const EVERYTHING = 'contents';

/** A computation that reads more keys than this depends on all that the cache holds: its record stays short. */
const MOST_KEYS = 64;

/** What cannot be digested is never what it was: nothing that is made of it is stored. */
const UNKNOWN = 'unknown';

export class Reads implements Table {
  private readonly scope: string;
  private readonly root: TracedRoot;
  /** Parts that results were made of. */
  private readonly noted = new Set<string>();
  private readonly countIn = new WeakMap<Frame, number>();

  constructor(
    private readonly baseFolder: string,
    folderName: string,
    private readonly name: string,
    /** The contents of the cache; throws where they are not there. */
    private readonly present: () => ReadonlyMap<unknown, unknown>,
    private readonly generation: () => number,
  ) {
    this.root = { prefix: '', tag: folderName, rootClass: MANAGER_CLASS };
    this.scope = scopeText(baseFolder, this.root);
  }

  /** Lets results that were made of the cache be checked. */
  enter(): void {
    enterTable(this.scope, this.name, this);
  }

  leave(): void {
    leaveTable(this.scope, this.name, this);
  }

  /**
   * Notes in the running computation, if any, that it read the value under a key; without a key, all that the cache
   * holds.
   */
  note(...keys: [key?: unknown]): void {
    const frame = currentFrame();
    if (frame === undefined) return;
    const part = keys.length === 0 ? EVERYTHING : (textOfKey(keys[0]) ?? EVERYTHING);
    if (frame.uses.has(this.nameOf(EVERYTHING)) || frame.uses.has(this.nameOf(part))) return;
    const count = (this.countIn.get(frame) ?? 0) + 1;
    this.countIn.set(frame, count);
    const noted = count > MOST_KEYS ? EVERYTHING : part;
    this.noted.add(noted);
    frame.note(this.useOf(noted));
  }

  /**
   * The value under a key was set or removed; a computation that did so itself and reads it then is no worse for it.
   */
  changed(key: unknown): void {
    if (this.noted.size === 0 && currentFrame() === undefined) return;
    const part = textOfKey(key);
    if (part !== undefined) {
      currentFrame()?.noteMade(this.nameOf(part));
      if (this.noted.has(part)) dependents.drop(this.nameOf(part), this.digestOf(part));
    }
    currentFrame()?.noteMade(this.nameOf(EVERYTHING));
    if (this.noted.has(EVERYTHING)) dependents.drop(this.nameOf(EVERYTHING));
  }

  /** All of it may be different. */
  changedAll(): void {
    for (const part of this.noted) dependents.drop(this.nameOf(part));
  }

  read(part: string): TableRead {
    this.noted.add(part);
    // Looking may load the contents, and with them the generation.
    const digest = this.digestOf(part);
    return { digest, generation: this.generation() };
  }

  private nameOf(part: string): string {
    return parameterName(this.scope, this.name, part);
  }

  private digestOf(part: string): string {
    const contents = this.present();
    try {
      if (part === EVERYTHING) return valueDigest(contents);
      const key = keyOfText(part);
      return contents.has(key) ? valueDigest(contents.get(key)) : 'absent';
    } catch {
      return UNKNOWN;
    }
  }

  private useOf(part: string): Use {
    const { root, baseFolder, name: instance } = this;
    const generation = this.generation();
    const digest = this.digestOf(part);
    return {
      name: this.nameOf(part),
      digest,
      hasChanged: () => digest === UNKNOWN || this.generation() !== generation || this.digestOf(part) !== digest,
      drop: () => {
        // The cache keeps its value; the result that was made of it is not stored.
      },
      traced(tmpdir): TracedParameter {
        const elsewhere = baseFolder === tmpdir ? root : { tmpdir: storedFolder(baseFolder), ...root };
        return { parameter: part, instance, root: elsewhere, digest, generation };
      },
    };
  }
}
