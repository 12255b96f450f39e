/** One call of one cached method of one tagged analyzer, on its way to a value. */
import { now } from '../../base/clock.js';
import type { EventType, StowageEvent } from '../../base/events.js';
import type { Flow } from '../../base/run/flow.js';
import type { Code } from '../../code/part/code.js';
import type { Form, Look, Outcome, StagedEntry } from '../../call/question.js';
import { codecToStore } from '../../codec/registry.js';
import { codeDigestOf } from '../../key/classes/code-digest.js';
import { reportFault } from '../../store/entry/disk-errors.js';
import { digestOf } from '../../store/entry/digest.js';
import { tell } from '../../store/entry/emit-entry-event.js';
import type { Found } from '../../store/entry/find.js';
import type { Place } from '../../store/disk/place.js';
import { stageEntry, type Draft, type StageOptions } from '../../store/entry/stage.js';
import { storedArguments } from '../../store/record/arguments.js';
import type { Identity } from '../../store/record/identity.js';
import { codeSeenOf } from '../../store/record/code-seen.js';
import type { EntryRecord } from '../../store/record/record.js';
import type { StoredArguments, Traced } from '../../store/record/traced.js';
import { Frame, withoutNoting } from '../../trace/frame.js';
import { bindingOf } from '../state/instance-state.js';
import { lookBefore } from '../hierarchy/late.js';
import { noteClass } from '../hierarchy/standing.js';
import { noteUnwatched } from '../hierarchy/unwatched.js';
import { NoAnswer } from '../../remote/thread/remote-thread.js';
import type { Binding } from '../state/binding.js';
import type { MethodInfo } from '../state/method-info.js';
import { codeOfMethod } from '../state/method-code.js';
import type { EffectiveOptions } from '../state/options.js';
import { isExpired } from '../state/is-expired.js';
import { remoteOf, type Remote } from '../state/remotes.js';
import { whereIs } from './identity-of-call.js';
import { callKeyOf } from './key-of-call.js';
import { loadFromDisk, noteStored, refusal } from './load-result.js';
import { bringResult, reportRemote } from './bring-result.js';
import { keep, letBeFound } from './remember.js';
import { codeUseOf } from './code-use.js';
import type { MethodCallParts, OneCall } from './one-call.js';
import { forgetStale } from './follow-trace.js';
import type { Recompute } from './validate.js';
import { noteSeconds, type HostClaim } from './wait-for-host.js';

export class MethodCall implements OneCall {
  readonly info: MethodInfo;
  readonly options: EffectiveOptions;
  readonly binding: Binding;
  readonly identity: Identity;
  readonly place: Place;
  readonly frame: Frame;
  readonly refresh: boolean;
  readonly mayClaim: boolean;
  readonly isKept = true;
  readonly now = now;
  seen: Found | undefined;
  changes = 0;
  foundIn: 'disk' | 'remote' = 'disk';
  /** Is something in the remote that may not be used, and what is computed is put in its place? */
  private replacesRemote = false;
  /** Other hosts wait for what is computed here, which is not on its way yet. */
  private claim: HostClaim | undefined;
  private arguments: StoredArguments | undefined;
  private code: Code | undefined;
  /** The root's version and the memory's epoch when the call began. */
  private readonly version: number;
  private readonly epoch: number;

  /** @param recompute computes an upstream result again, to see whether it is still what it was */
  constructor(
    readonly parts: MethodCallParts,
    readonly recompute: Recompute,
  ) {
    const { info, options, analyzer, binding, memory, key, caller, refresh } = parts;
    this.info = info;
    this.options = options;
    this.binding = binding;
    const { identity, place } = whereIs(info, analyzer, binding, key);
    this.identity = identity;
    this.place = place;
    this.frame = new Frame(`${this.identity.instance}.${this.identity.method}`, analyzer, caller);
    this.frame.code = () => codeUseOf({ info, analyzer, binding });
    this.refresh = refresh;
    this.mayClaim = options.claim;
    this.version = binding.root.version;
    this.epoch = memory.epoch;
  }

  get scope(): string {
    return this.binding.root.scope;
  }

  /** Does what it set out from still hold? Not after a tagging, a clearing or an untagging in between. */
  stillHolds(): boolean {
    const { root, path, tagging } = this.binding;
    const isRoots = root.tag !== undefined && root.tagging === tagging && !root.affects(path, this.version);
    return isRoots && this.parts.memory.epoch === this.epoch;
  }

  readonly say = (type: EventType, more?: Partial<StowageEvent>): void => {
    tell(this, type, more);
  };

  look(): Flow<Look> {
    return loadFromDisk(this);
  }

  forget(): void {
    forgetStale(this.frame.verdicts);
  }

  skipLook(): void {
    noteStored(this);
  }

  begin(): void {
    const { args, analyzer } = this.parts;
    // Of a recursion, by the outermost call: it has the most stack left.
    this.code = codeOfMethod(this.info, analyzer, this.binding.root);
    // Before the method can change them.
    if (args.length > 0) this.arguments = storedArguments(args);
    lookBefore(this.frame, bindingOf(this.parts.analyzer)?.root ?? this.binding.root);
    if (this.binding.root.reach.hasParameters) noteUnwatched(this.frame, this.binding);
  }

  /**
   * Did another change an argument or a parameter while an asynchronous method was at work? A synchronous method is alone
   * with them: what it changes itself is its own way of computing.
   */
  changeOf(isAsync: boolean): string | undefined {
    if (!isAsync) return undefined;
    const { info, analyzer, args } = this.parts;
    try {
      if (withoutNoting(() => callKeyOf(info, analyzer, args)) === this.identity.key) return undefined;
    } catch {
      // What cannot be a key any more was changed.
    }
    return 'an argument or a parameter was changed before the result was there; the result is not stored';
  }

  formOf(value: unknown): Form {
    const codec = codecToStore(value, this.info.options.codec, this.options.compress);
    const digest = digestOf(value, codec);
    return { codec, digest, encoded: codec.encode(value), encodes: value };
  }

  draft(trace: readonly Traced[]): Pick<Draft, 'code'> & Partial<Draft> {
    const { binding, options, info, seen } = this;
    return {
      ...(this.arguments !== undefined && { arguments: this.arguments }),
      state: binding.snapshot,
      ...(!options.durable && { durable: false as const }),
      generation: generationOf(seen),
      code: codeDigestOf(info.original),
      ...(this.code !== undefined && { codeSeen: codeSeenOf(this.code, trace) }),
      ...(binding.owner !== undefined && { package: binding.owner }),
    };
  }

  stage({ codec, encoded }: Form, draft: Draft): Flow<StagedEntry> {
    noteSeconds(this.info, draft.seconds);
    return stageEntry(this.place, this.identity, codec, encoded, draft, this.staging());
  }

  private staging(): StageOptions {
    const { durable, keepVersions } = this.options;
    return {
      durable,
      seen: this.seen,
      versions: {
        most: keepVersions,
        isOver: (record) => isExpired(record, this.options),
        onFailure: (error) => {
          reportFault(this, 'kept as an earlier version', error);
        },
      },
    };
  }

  bring(): Flow<boolean> | undefined {
    const remote = remoteOf(this.binding.root);
    return remote && this.bringFrom(remote);
  }

  private *bringFrom(remote: Remote): Flow<boolean> {
    const judge = (record: EntryRecord): Flow<string | undefined> => refusal(this, record);
    const { isHere, isRefused, claim } = yield* bringResult(this, remote, judge, this.staging());
    if (isHere) this.foundIn = 'remote';
    this.replacesRemote = isRefused;
    this.claim = claim;
    return isHere;
  }

  end(): void {
    this.claim?.release();
  }

  stored(stem: string): void {
    const remote = remoteOf(this.binding.root);
    if (remote?.settings.mode !== 'read-write') return;
    const replaces = this.refresh || this.replacesRemote;
    const claimed = this.claim?.identity;
    this.claim?.end();
    this.claim = undefined;
    remote.thread.push({ push: stem, replaces, ...(claimed !== undefined && { claimed }) }, (reply) => {
      if ('failure' in reply) reportRemote(this, new NoAnswer(reply.failure));
    });
  }

  noteIn(caller: Frame): void {
    noteClass(this.parts.analyzer, this.binding, caller);
  }

  keep(outcome: Outcome, isFound: boolean): void {
    const slot = keep(this, outcome, isFound);
    if (slot === undefined) return;
    slot.hits = isFound ? 1 : 0;
    const { name, digest, generation } = slot;
    this.frame.verdicts.set(name, { digest, generation });
    outcome.use = slot;
    letBeFound(this.parts);
  }
}

/** Which generation what is stored is of: what is computed instead takes it over. */
function generationOf(seen: Found | undefined): number {
  if (seen?.kind === 'entry') return seen.record.generation;
  return (seen?.kind === 'damaged' ? seen.generation : undefined) ?? 0;
}
