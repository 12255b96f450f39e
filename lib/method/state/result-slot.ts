/** A result in memory: what a hit hands out of it, and when it must not. */
import { memory, type Slot } from '../../store/entry/memory.js';
import type { Identity } from '../../store/record/identity.js';
import type { Facts } from '../../call/question.js';
import { storedFolder } from '../../base/files/data-roots.js';
import { tracedArguments, type TracedCall } from '../../store/record/traced.js';
import type { Frame, Use } from '../../trace/frame.js';
import { tell } from '../../store/entry/emit-entry-event.js';
import { isStill } from '../../store/entry/digest.js';
import { FrozenCopy } from '../../codec/shared/frozen-copy.js';
import { entryName } from './use-name.js';
import type { Binding } from './binding.js';
import type { EffectiveOptions } from './options.js';
import { isExpired } from './is-expired.js';

/** What a result in memory is known by. */
export interface SlotFacts extends Omit<Facts, 'arguments' | 'trace' | 'codeSeen' | 'plainBytes'> {
  /** The arguments as a reader sees them. */
  arguments: { preview: string };
  tmpdir: string;
  identity: Identity;
  /** The arguments, as a record has them, where they are small. */
  encodedArguments: string | null | undefined;
  /** Was it made of anything but files? */
  usesOthers: boolean;
  /** Was its analyzer attached when its root was tagged? */
  attached: boolean;
  /** Of its code. */
  line: string | undefined;
  /** Hand it out as a promise. */
  isAsync: boolean;
}

/** The result of a call as memory has it. */
export function slotOfResult(
  call: { identity: Identity; binding: Binding },
  facts: Facts,
  isAsync: boolean,
): ResultSlot {
  const { codec, digest, generation, bytes, plainBytes = bytes, computedAt, seconds } = facts;
  return new ResultSlot({
    tmpdir: call.binding.root.tmpdir,
    identity: call.identity,
    encodedArguments: tracedArguments(facts.arguments),
    usesOthers: facts.trace.some((item) => !('file' in item)),
    attached: !call.binding.isLate,
    line: facts.codeSeen?.line,
    isAsync,
    codec,
    digest,
    generation,
    bytes: plainBytes,
    computedAt,
    seconds,
    arguments: { preview: facts.arguments?.preview ?? '' },
  });
}

export class ResultSlot implements Slot, Use {
  kept = false;
  value: unknown = undefined;
  used = false;
  /** Calls that it answered, the one that loaded it from disk included. */
  hits = 0;
  /** Where the gate stood when it was last found free to be handed out at once. */
  freeAt = -1;
  /** The round of the computation that noted it last: there it need not be noted again. */
  notedIn: object | undefined;
  declare weak?: WeakRef<object>;
  declare seat?: NonNullable<Slot['seat']>;
  /** The value that was handed out, whether it is kept or not: a computation under way may still be using it. */
  private handedOut: WeakRef<object> | undefined;

  private called: string | undefined;

  constructor(readonly facts: SlotFacts) {}

  get name(): string {
    return (this.called ??= entryName(this.facts.tmpdir, this.facts.identity));
  }

  get digest(): string {
    return this.facts.digest;
  }

  get generation(): number {
    return this.facts.generation;
  }

  /** The result as the record of what was made of it says it. */
  traced(tmpdir: string): TracedCall {
    const { identity, isAsync, attached, digest, generation, line, encodedArguments } = this.facts;
    return {
      call: identity,
      ...(this.facts.tmpdir !== tmpdir && { tmpdir: storedFolder(this.facts.tmpdir) }),
      ...(encodedArguments !== undefined && { arguments: encodedArguments }),
      ...(isAsync && { async: true as const }),
      ...(attached && { attached: true as const }),
      digest,
      generation,
      ...(line !== undefined && { code: line }),
    };
  }

  /** Notes that a computation uses it. */
  noteIn(frame: Frame): void {
    frame.note(this);
    this.notedIn = frame.round;
  }

  evicted(): void {
    tell(this.facts, 'evict', { bytes: this.facts.bytes });
  }

  drop(): void {
    memory.drop(this);
  }

  /** Is there still something that a later hit could find? */
  get isFindable(): boolean {
    return this.kept || this.weak?.deref() !== undefined;
  }

  hasChanged(): boolean {
    const value = this.present() ?? this.handedOut?.deref();
    return value !== undefined && !(value instanceof FrozenCopy) && !isStill(value, this.facts.codec, this.digest);
  }

  /** Lets {@link hasChanged} look at a value that callers share, even after it has left memory. */
  watch(value: unknown): void {
    if (typeof value === 'object' && value !== null) this.handedOut = new WeakRef(value);
  }

  /** Was the value evicted, and collected since? */
  isGone(): boolean {
    return !this.kept && this.weak?.deref() === undefined;
  }

  /** Puts the value under the budget. */
  keep(value: unknown): void {
    memory.keep(this, value, this.facts.bytes);
  }

  /** What a hit hands out, if the value is there and still right. */
  take(options: EffectiveOptions): { value: unknown } | undefined {
    if (isExpired(this.facts, options)) return undefined;
    if (!this.kept) {
      const value = this.weak?.deref();
      if (value === undefined) return undefined;
      this.keep(value);
    }
    if (options.mutation === 'check' && this.hasChanged()) {
      this.drop();
      tell(this.facts, 'mutated', { reason: 'the value was changed in memory; it is loaded again' });
      return undefined;
    }
    this.used = true;
    // A value over the budget is remembered weakly, and found here without being kept.
    const value = this.present();
    if (!(value instanceof FrozenCopy)) return { value };
    try {
      return { value: value.thaw() };
    } catch {
      // A codec of the user's own does not take back what it made: the disk, or the method, answers.
      this.drop();
      return undefined;
    }
  }

  private present(): unknown {
    return this.kept ? this.value : this.weak?.deref();
  }
}
