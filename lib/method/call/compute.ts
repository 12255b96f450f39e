/** The way of a result: computed under a frame, encoded, looked at once more, committed. */
import { errorOf } from '../../base/errors.js';
import { settings } from '../../base/settings.js';
import { elapsedSince, now, stopwatch } from '../../base/clock.js';
import { perform, type Flow } from '../../base/run/flow.js';
import { warnOnce } from '../../base/warn.js';
import type { Codec, Encoded } from '../../codec/shared/codec.js';
import { codecFor, codecNamed } from '../../codec/registry.js';
import { stageEntry, type Draft, type Staged } from '../../store/entry/stage.js';
import { tracedArguments, type StoredArguments, type Traced } from '../../store/record/traced.js';
import { computing } from '../../trace/computing.js';
import { unfinished, withoutNoting } from '../../trace/frame.js';
import { storedArguments } from '../../store/record/arguments.js';
import { circumstances } from '../../store/record/provenance.js';
import { tell } from '../../store/entry/emit-entry-event.js';
import { stillHolds, type Call } from './call.js';
import type { Outcome } from '../state/outcome.js';
import { codeDigestOf } from '../../key/classes/code-digest.js';
import { digestOf, isStill } from '../../store/entry/digest.js';
import { reportFault } from '../../store/claim/fault.js';
import { callKeyOf } from './key-of-call.js';
import { noteUnwatched } from '../hierarchy/unwatched.js';

/** Computes, and stores if it may. What goes wrong on the way to disk never reaches the caller. */
export function* computeAndStore(call: Call, mayStore: boolean): Flow<Outcome> {
  // What validation used on the way here is not what the method uses.
  call.frame.startAfresh();
  if (call.binding.root.hasParameters) noteUnwatched(call.frame, call.binding);
  unfinished.add(call.frame);
  try {
    return yield* computeThenStore(call, mayStore);
  } finally {
    unfinished.delete(call.frame);
  }
}

function* computeThenStore(call: Call, mayStore: boolean): Flow<Outcome> {
  // Before the method can change them.
  const args = call.args.length > 0 ? storedArguments(call.args) : undefined;
  const start = stopwatch();
  const computedAt = now();
  const { value, isAsync } = yield* perform(
    computing(call.frame, () => call.info.original.apply(call.analyzer, [...call.args])),
  );
  const seconds = elapsedSince(start);
  const bare: Outcome = { value, isAsync };
  if (!isStillMeant(call)) return bare;
  const form = encode(call, value);
  if (form === undefined) return bare;
  const { codec, encoded, digest } = form;

  let staged: Staged | undefined;
  if (mayStore && !settings.readonly) {
    const draft = draftOf(call, { args, digest, isAsync, computedAt, seconds });
    try {
      staged = yield* stageEntry(call.place, call.identity, codec, encoded, draft, {
        durable: call.options.durable,
      });
    } catch (error) {
      reportFault(call, 'stored', error);
    }
  }
  if (isSpoiled(call, value, codec, digest) || !isStillMeant(call) || hasOtherKey(call, isAsync)) {
    staged?.abandon();
    return bare;
  }
  const isOnDisk = staged !== undefined && commit(call, staged, seconds);
  const bytes = encoded.chunks.reduce((total, chunk) => total + chunk.length, 0);
  const encodedArguments = tracedArguments(args);
  const { generation } = call;
  const madeOf = [...call.frame.uses.values()].map(({ name, digest }) => ({ name, digest }));
  const stored = { codec, encoded, digest, generation, bytes, computedAt, encodedArguments, madeOf };
  return { ...bare, ...(isOnDisk && { isOnDisk }), stored };
}

/** Does the call still hold? If not, nothing may be built on its result but what the caller makes of it now. */
function isStillMeant(call: Call): boolean {
  if (stillHolds(call)) return true;
  call.frame.spoil('its analyzer was tagged anew or cleared before it was done');
  return false;
}

/**
 * Did somebody change an argument or a parameter while an asynchronous method was at work? Then the result may be that of
 * another call. A synchronous method is alone with them: what it changes itself is its own way of computing.
 */
function hasOtherKey(call: Call, isAsync: boolean): boolean {
  if (!isAsync) return false;
  try {
    if (withoutNoting(() => callKeyOf(call.info, call.analyzer, call.args)) === call.identity.key) return false;
  } catch {
    // What cannot be a key any more was changed.
  }
  const reason = 'an argument or a parameter was changed before the result was there; the result is not stored';
  spoil(call, reason);
  warnOnce(
    'STOWAGE_ARGUMENT_CHANGED',
    call.identity.method,
    `${call.identity.method}: ${reason}. Change a copy instead`,
  );
  return true;
}

function spoil(call: Call, reason: string): void {
  call.frame.spoil(reason);
  tell(call, 'mutated', { reason });
}

interface Form {
  codec: Codec;
  encoded: Encoded;
  digest: string;
}

/** The value as it will be stored; `undefined`, and an event, where that cannot be exact. */
function encode(call: Call, value: unknown): Form | undefined {
  try {
    const forced = call.info.options.codec;
    const codec = (forced === undefined ? undefined : codecNamed(forced)) ?? codecFor(value);
    const digest = digestOf(value, codec);
    return { codec, encoded: codec.encode(value), digest };
  } catch (cause) {
    const error = errorOf(cause);
    tell(call, 'uncacheable', { error, reason: error.message });
    const { method } = call.identity;
    warnOnce('STOWAGE_UNCACHEABLE_VALUE', method, `results of ${method} are computed at every call: ${error.message}`);
    return undefined;
  }
}

/**
 * Is something no longer what it was? A value in memory that the method used, changed by it or by somebody before it;
 * or the result itself, changed while it was written.
 */
function isSpoiled(call: Call, value: unknown, codec: Codec, digest: string): boolean {
  let spoiled = false;
  for (const use of call.frame.uses.values()) {
    if (!use.hasChanged()) continue;
    spoiled = true;
    use.drop();
  }
  if (!isStill(value, codec, digest)) {
    spoiled = true;
    spoil(call, 'the result changed while it was being stored');
  } else if (spoiled) {
    spoil(call, 'something that it used, a value in memory or a file, was changed meanwhile; the result is not stored');
  } else if (call.frame.spoiled !== undefined) {
    spoiled = true;
    tell(call, 'mutated', { reason: `${call.frame.spoiled}; the result is not stored` });
  }
  return spoiled;
}

function commit(call: Call, staged: Staged, seconds: number): boolean {
  try {
    staged.commit();
    tell(call, 'store', { file: staged.file, seconds, bytes: staged.bytes });
    return true;
  } catch (error) {
    reportFault(call, 'stored', error);
    staged.abandon();
    return false;
  }
}

interface Facts {
  args: StoredArguments | undefined;
  digest: string;
  isAsync: boolean;
  computedAt: number;
  seconds: number;
}

function draftOf(call: Call, facts: Facts): Draft {
  const { binding, options, info, frame } = call;
  return {
    ...(facts.args !== undefined && { arguments: facts.args }),
    state: binding.snapshot,
    type: '',
    ...(facts.isAsync && { async: true as const }),
    ...(!options.durable && { durable: false as const }),
    digest: facts.digest,
    generation: call.generation,
    computedAt: facts.computedAt,
    seconds: facts.seconds,
    code: codeDigestOf(info.original),
    trace: [...frame.uses.values()].map((use) => use.traced(binding.root.tmpdir, binding.root.scope) as Traced),
    ...(binding.owner !== undefined && { package: binding.owner }),
    ...circumstances(),
  };
}
