/** What the thread that speaks to a remote is asked, and what it answers. */
import type { MessagePort } from 'node:worker_threads';
import type { Opened } from '../contract/envelope.js';
import type { Tried } from '../contract/host-claims.js';
import type { SoughtRecord } from '../work/listing.js';
import type { RemoteSettings } from '../contract/remote-options.js';

/** What the thread is started with. */
export interface RemoteThreadData {
  settings: RemoteSettings;
  /** Goes up with every answer: who sleeps on it wakes. */
  answers: Int32Array;
  port: MessagePort;
}

/** A record that was taken, or what was said against it. */
export type Taken = Opened | { name: string; refused: string };

export type Question =
  /** Names of records that may be the one. */
  | { ask: 'names'; sought: SoughtRecord[]; /** Whatever was listed before. */ isFresh?: true }
  /** The records of these names; none for one that is gone. */
  | { ask: 'records'; names: string[] }
  /** The data of a record. */
  | { ask: 'data'; opened: Opened }
  /** The right to compute, among hosts. */
  | { ask: 'claim'; identity: string }
  | { ask: 'release'; identity: string };

export interface Answers {
  names: string[][];
  records: Taken[];
  data: { data: Uint8Array } | { refused: string };
  claim: Tried;
  release: undefined;
}

export type ToThread =
  ({ id: number; /** Milliseconds since the epoch. */ until: number } & Question) | ({ id: number } & ToPush);

/** A result that is stored here. */
export interface ToPush {
  /** Its path, without endings. */
  push: string;
  /** It takes the place of what is there. */
  replaces: boolean;
  /** What the claim is on under which it was computed: to be let go of. */
  claimed?: string;
}

/** Why nothing came of it. */
export interface Failure {
  reason: string;
  message: string;
  /** The remote has just begun to fail, and nobody has been told. */
  isNews: boolean;
  /** What is done until it answers again. */
  meanwhile: string;
}

export type FromThread = { id: number } & ({ value: unknown } | { failure: Failure });
