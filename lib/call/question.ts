/** One call of a cached method or function, as the way to its value needs to know it. */
import type { EventType, StowageEvent } from '../base/events.js';
import type { Flow } from '../base/run/flow.js';
import type { Codec, Encoded } from '../codec/shared/codec.js';
import type { Claimant } from '../store/claim/claims-of-thread.js';
import type { Miss } from '../store/entry/miss.js';
import type { Draft, Staged } from '../store/entry/stage.js';
import type { CodeSeen } from '../store/record/code-seen.js';
import type { StoredArguments, Traced } from '../store/record/traced.js';
import type { Frame, Use } from '../trace/frame.js';

/** A value as it will be stored. */
export interface Form {
  codec: Codec;
  encoded: Encoded;
  digest: string;
  /** What was encoded: the value, or what the user's own serializer made of it. */
  encodes: unknown;
}

/** What is known of a result beside its value, whether it was found or made. */
export interface Facts {
  codec: Codec;
  /** Digest of the value when it was stored. */
  digest: string;
  generation: number;
  /** Length of its encoding. */
  bytes: number;
  /** The same before it was compressed, where it was. */
  plainBytes?: number;
  /** Seconds since the epoch. */
  computedAt: number;
  /** What computing it cost. */
  seconds: number;
  /** Seconds since the epoch; absent where the lifetime is that of its method. */
  expiresAt?: number;
  arguments?: StoredArguments;
  trace: readonly Traced[];
  codeSeen?: CodeSeen;
}

/** What a call came to. */
export interface Outcome {
  value: unknown;
  /** It is handed out as a promise. */
  isAsync: boolean;
  /** Absent where the value may be used by this caller alone, and nothing may be built on it. */
  facts?: Facts;
  /** Its encoding, where that was just made. */
  encoded?: Encoded;
  /** It lies on disk, or wherever its cache keeps it. */
  isStored: boolean;
  /** What stands for it in the traces of those who use it. */
  use?: Use & { generation: number };
}

/** What a look at the stored results came to. */
export type Look = { found: true; outcome: Outcome } | Miss;

/** A value that lies beside its entry, complete, and waits for its commit. */
export interface StagedEntry extends Staged {
  /** After the commit: is it, or what another writer has put in its place since, whole? */
  isWhole?(): boolean;
}

/** A call on its way. */
export interface Question extends Claimant {
  readonly frame: Frame;
  /** Compute, whatever is stored. */
  readonly refresh: boolean;
  /** The dataset of its root, for traces; `''` where it has none. */
  readonly scope: string;
  /** Is the result of use to later calls even where it cannot be stored? */
  readonly isKept: boolean;
  /** Seconds since the epoch. */
  now(): number;
  say(type: EventType, more?: Partial<StowageEvent>): void;
  /** Looks for a stored result. */
  look(): Flow<Look>;
  /**
   * Brings the result from elsewhere, where another has computed it: asked where none is found here, with the claim held.
   * `true`: there is something to look at now. Absent, or `undefined`, where there is nowhere to ask.
   */
  bring?(): Flow<boolean> | undefined;
  /** Called when all is over, however it ended, where it computed or could have. */
  end?(): void;
  /** Called when the result was stored. @param stem its name without extension */
  stored?(stem: string): void;
  /** Called before another look, since others may have stored meanwhile. */
  forget(): void;
  /** Called in place of a look where whatever is stored is computed anew. */
  skipLook(): void;
  /** Called before the computation, whose frame is empty by then. */
  begin(): void;
  /** Why the result may be that of another call, if so; asked when it is there. May throw. */
  changeOf(isAsync: boolean): string | undefined;
  /** @throws UncacheableValueError where the value cannot be brought back exactly */
  formOf(value: unknown): Form;
  /** What the record says beside what every record says. @param trace of the result */
  draft(trace: readonly Traced[]): Pick<Draft, 'code'> & Partial<Draft>;
  /** Puts a value beside its entry. Faults are thrown, with nothing left behind. */
  stage(form: Form, draft: Draft): Flow<StagedEntry>;
  /** Called for a computation to which the call leaves no result, stored or in memory, that says what it used. */
  noteIn?(caller: Frame): void;
  /** Called with what was found or made. */
  keep(outcome: Outcome, isFound: boolean): void;
}
