/** Where the results of function caches lie, as those caches see it. */
import { now } from '../../base/clock.js';
import type { StowageEvent, EventType } from '../../base/events.js';
import type { Flow } from '../../base/run/flow.js';
import type { Form, StagedEntry } from '../../call/question.js';
import type { Codec } from '../../codec/shared/codec.js';
import { codecFor } from '../../codec/registry.js';
import { circumstances } from '../../store/record/provenance.js';
import { digestOf } from '../../store/entry/digest.js';
import type { Miss } from '../../store/entry/miss.js';
import type { Identity } from '../../store/record/identity.js';
import type { Place } from '../../store/disk/place.js';
import type { EntryRecord } from '../../store/record/record.js';
import type { Draft } from '../../store/entry/stage.js';

/** One entry, whether there is anything or not. */
export interface Entry {
  identity: Identity & { key: string; name: string };
  place: Place;
  /** What identified it, before it was digested. */
  key: unknown;
}

/** Tells what happens to an entry. */
export type Say = (entry: Entry, type: EventType, more?: Partial<StowageEvent>) => void;

/** @throws UncacheableValueError where the value cannot be brought back exactly */
export function formOf(value: unknown, codec: Codec = codecFor(value)): Form {
  return { codec, digest: digestOf(value, codec), encoded: codec.encode(value), encodes: value };
}

/** What a record says of a value that was just there, save what `more` says otherwise. */
export function draftOf({ digest }: Form, more: Partial<Draft>): Draft {
  return {
    type: '',
    digest,
    generation: 0,
    computedAt: now(),
    seconds: 0,
    code: '',
    trace: [],
    ...circumstances(),
    ...more,
  };
}

/** What lies there, or why nothing can be used and whether something may be put in its place. */
export type FromShelf = { found: true; value: unknown; record: EntryRecord; file: string } | Miss;

/** Why a record may not be used, if so. */
export type Refuse = (record: EntryRecord) => Flow<string | undefined>;

/** The facts of a result beside its value. */
export interface Notes {
  draft: Draft;
  /** Texts to be put beside it, by extension. */
  beside?: Readonly<Record<string, string>> | undefined;
}

/** A place for the results of one or more functions. */
export interface Shelf {
  /** May another process be computing the same? Then claims are of use. */
  readonly isShared: boolean;
  /** Where an entry lies. */
  placeOf(identity: Identity): Place;
  /**
   * Looks for an entry. What the disk does not let us read is told, and nothing found.
   * @throws HashCollisionError where another key's result lies there
   */
  look(entry: Entry, refuse: Refuse): Flow<FromShelf>;
  /** @throws HashCollisionError where another key's result lies there */
  refuseCollision(entry: Entry): void;
  /** Puts a value beside its entry, to be committed. Faults are thrown, with nothing left behind. */
  stage(entry: Entry, form: Form, notes: Notes): Flow<StagedEntry>;
  /** Is there an entry, whether it can be used or not? */
  has(entry: Entry): boolean;
  /** Removes an entry. @returns whether there was one */
  remove(entry: Entry): boolean;
  /** The records of all entries here, of whichever function. */
  records(): Iterable<EntryRecord>;
  /** Removes what `matches` picks. @returns how many there were */
  clear(matches: (identity: Identity) => boolean): number;
}
