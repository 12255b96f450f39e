/** What the server of the window and its page say to each other, as JSON. */

/**
 * What records and files say of a result. `'current'`: nothing stands against it. `'older'`: the latest result of its method
 * comes from other code. `'stale'`: invalidated, expired, or something that it was made of has changed. `'pruned'`: its data was
 * removed to make room. `'missing'`: it is not stored. `'damaged'`: it is not as it was written. `'other'`: not for this
 * version of Stowage, or a copy of another entry.
 */
export type State = 'current' | 'older' | 'stale' | 'pruned' | 'missing' | 'damaged' | 'other';

/** An entry in a list. */
export interface EntryRow {
  /** Its path below the folder of tags, without extension. */
  id: string;
  tag: string;
  /** `root.camera.Camera.frames`. */
  method: string;
  /** Beginning of its call key. */
  key?: string;
  /** It is an earlier version. */
  version?: string;
  arguments: string;
  state: State;
  /** Why, in a sentence; empty where nothing stands against it. */
  reason: string;
  /** `Float64Array 3 × 4`. */
  value: string;
  bytes: number;
  /** What computing it took. */
  seconds: number;
  /** Seconds since the epoch. */
  computedAt: number;
}

/** Tags × methods. */
export interface GridMessage extends Standing {
  folder: string;
  tags: string[];
  methods: string[];
  /** Which tag, which method, the state of the worst of its entries, and how many there are. */
  cells: [tag: number, method: number, state: State, count: number, reason: string][];
}

/** How far the window has seen. */
export interface Standing {
  /** Goes up with each change that was seen. */
  version: number;
  /** Has everything been looked at once? */
  isComplete: boolean;
  entries: number;
  states: Partial<Record<State, number>>;
  bytes: number;
  seconds: number;
  computing: Computing[];
}

/** A result that is being computed. */
export interface Computing {
  tag: string;
  method: string;
  /** Seconds since the epoch. */
  since: number;
  where: string;
}

/** Entries from one row to another of those that are meant. */
export interface EntriesMessage {
  total: number;
  from: number;
  rows: EntryRow[];
}

/** A name and a text. */
export type Fact = [name: string, text: string];

/** A part of the code, and how deep below the method's it lies. */
export interface PartRow {
  depth: number;
  name: string;
  value: string;
}

/** Something that a result was made of. */
export interface IngredientRow {
  kind: string;
  name: string;
  state: 'same' | 'changed' | 'unknown';
  detail: string;
  /** Of a result that is there. */
  id?: string;
}

/** All about an entry but its value. */
export interface EntryMessage {
  row: EntryRow;
  facts: Fact[];
  reasons: string[];
  parts: PartRow[];
  madeOf: IngredientRow[];
  /** What was made of it. */
  usedBy: EntryRow[];
  /** The entry and its earlier versions, the latest first. */
  versions: EntryRow[];
}

/** What a value looks like. */
export type ValueMessage =
  | { kind: 'numbers'; shape: number[]; facts: Fact[]; hasPicture: boolean }
  | { kind: 'table'; columns: { name: string; type: string }[]; count: number }
  | { kind: 'text'; text: string }
  | { kind: 'none'; why: string };

/** Rows of a table. */
export interface RowsMessage {
  from: number;
  rows: string[][];
}

/** What is around an entry: what it was made of, and what was made of it. */
export interface LineageMessage {
  nodes: { id: string; name: string; state: State; column: number; detail: string; isEntry: boolean }[];
  edges: [from: string, to: string][];
  /** There is more than is shown. */
  isCut: boolean;
}

/** Two entries beside each other. */
export interface CompareMessage {
  entries: [EntryRow, EntryRow];
  /** What differs, as each of them has it. */
  facts: [name: string, one: string, other: string][];
  /** What the code of the second has otherwise. */
  code: string[];
  /** Of numbers of one shape. */
  difference: Fact[];
  hasPicture: boolean;
}

/** The entries of two tags beside each other. */
export interface CompareTagsMessage {
  rows: {
    method: string;
    arguments: string;
    verdict: 'same' | 'different' | 'only in the first' | 'only in the second';
  }[];
  pairs: ([one: string, other: string] | null)[];
}

/** What can be done to entries. */
export type Verb = 'clear' | 'prune' | 'invalidate';

export interface ActRequest {
  verb: Verb;
  ids: string[];
  /** Otherwise it is only said what would happen. */
  isConfirmed: boolean;
}

export interface ActMessage {
  /** What would happen, or what has. */
  text: string;
  /** Entries that stay, and why. */
  kept: Fact[];
}
