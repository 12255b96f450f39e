/**
 * The way from a remote: what was computed elsewhere is judged as what is stored here is, and takes its place here; then it is
 * loaded as everything is. Whatever goes wrong on the way is a miss.
 */
import { ValidateError } from '../../base/errors.js';
import { perform, type Flow } from '../../base/run/flow.js';
import { warnOnce } from '../../base/warn.js';
import { storeBy } from '../../call/store.js';
import type { Opened } from '../../remote/contract/envelope.js';
import { identityDigest, shownCode, tagPrefix } from '../../remote/contract/layout.js';
import type { SoughtRecord } from '../../remote/work/listing.js';
import { NO_KEY } from '../../remote/contract/refused.js';
import type { Answers, Question, Taken } from '../../remote/thread/messages.js';
import { NoAnswer } from '../../remote/thread/remote-thread.js';
import { bringRecord, codecOfBrought, stageBrought } from '../../store/entry/bring.js';
import { reportFault } from '../../store/entry/disk-errors.js';
import { tell } from '../../store/entry/emit-entry-event.js';
import { findEntry } from '../../store/entry/find.js';
import type { StageOptions } from '../../store/entry/stage.js';
import { placeOf } from '../../store/disk/place.js';
import type { Identity } from '../../store/record/identity.js';
import type { EntryRecord } from '../../store/record/record.js';
import { isSameOwner } from '../../store/record/same-owner.js';
import type { TracedCall } from '../../store/record/traced.js';
import type { Remote } from '../state/remotes.js';
import type { OneCall } from './one-call.js';
import { codeNow, ownerOf } from './refusal.js';
import { waitForHost, type HostClaim } from './wait-for-host.js';

/** Of several records of one result, so many are looked at. */
const MOST_TRIED = 4;

/** Of what a result was made of, so many records are brought with it; the rest is asked for where it is needed. */
const MOST_UPSTREAM = 10_000;

/** Judges a record, as one that lies here. */
export type Judge = (record: EntryRecord) => Flow<string | undefined>;

/** What became of a look at a remote. */
export interface Brought {
  /** It lies here now. */
  isHere: boolean;
  /** Something was there that may not be used: what is computed instead takes its place. */
  isRefused: boolean;
  /** Other hosts wait for what is computed here. */
  claim?: HostClaim;
}

export function* bringResult(call: OneCall, remote: Remote, judge: Judge, options: StageOptions): Flow<Brought> {
  const bringing = new Bringing(call, remote, judge, options);
  try {
    return yield* bringing.run();
  } catch (error) {
    reportRemote(call, error);
    return { isHere: false, isRefused: bringing.isRefused };
  }
}

class Bringing {
  /** Milliseconds that it may still be waited for. */
  private left: number;
  isRefused = false;
  private readonly tried = new Set<string>();
  /** What computing it took elsewhere. */
  private seconds = 0;

  constructor(
    private readonly call: OneCall,
    private readonly remote: Remote,
    private readonly judge: Judge,
    private readonly options: StageOptions,
  ) {
    this.left = remote.settings.timeout * 1000;
  }

  /** @param least milliseconds that this may take, however long others took */
  private *ask<Q extends Question>(question: Q, least = 0): Flow<Answers[Q['ask']]> {
    const start = Date.now();
    try {
      return yield* perform(this.remote.thread.ask(question, start + Math.max(this.left, least)));
    } finally {
      this.left -= Date.now() - start;
    }
  }

  *run(): Flow<Brought> {
    const own = shownCode(codeNow(ownerOf(this.call)));
    const sought = soughtOf(this.call.identity, own);
    const [names = []] = yield* this.ask({ ask: 'names', sought: [sought] });
    if (yield* this.takeOneOf(names)) return { isHere: true, isRefused: this.isRefused };
    const least = this.remote.settings.timeout * 1000;
    const waited = yield* waitForHost({
      call: this.call,
      remote: this.remote,
      identity: sought.identity,
      seconds: this.seconds,
      ask: (question) => this.ask(question, least),
      look: () => this.lookAgain(sought, least),
    });
    return { ...waited, isRefused: this.isRefused };
  }

  /** Has it come since the remote was last looked at? */
  private *lookAgain(sought: SoughtRecord, least: number): Flow<boolean> {
    const [names = []] = yield* this.ask({ ask: 'names', sought: [sought], isFresh: true }, least);
    return yield* this.takeOneOf(names);
  }

  private *takeOneOf(names: readonly string[]): Flow<boolean> {
    for (const name of names.filter((each) => !this.tried.has(each)).slice(0, MOST_TRIED)) {
      this.tried.add(name);
      const [taken] = yield* this.ask({ ask: 'records', names: [name] });
      if (taken !== undefined && (yield* this.take(taken))) return true;
    }
    return false;
  }

  private *take(taken: Taken): Flow<boolean> {
    if ('refused' in taken) return this.refuse(taken.name, taken.refused);
    const { name, record } = taken;
    const { place, seen } = this.call;
    if (!isSameOwner(record.package, place.owner)) return false;
    if (seen?.kind === 'entry' && record.generation < seen.record.generation)
      return this.refuse(name, 'it is older than what was invalidated here');
    yield* this.bringUpstream([record]);
    this.seconds = Math.max(this.seconds, record.seconds);
    const objection = yield* this.judge(record);
    if (objection !== undefined) {
      this.isRefused = true;
      this.call.say('stale', { file: this.urlOf(name), reason: objection });
      return false;
    }
    return yield* this.put(taken);
  }

  private *put(opened: Opened): Flow<boolean> {
    const { name, record, sha256 } = opened;
    let { data } = opened;
    if (sha256 !== undefined && data === undefined) {
      // It may take as long as computing it took.
      const answer = yield* this.ask({ ask: 'data', opened }, record.seconds * 1000);
      if ('refused' in answer) return this.refuse(name, answer.refused);
      ({ data } = answer);
    }
    const codec = codecOfBrought(record, data);
    // Of a codec that this process does not have, it is for others.
    if (codec === undefined) return false;
    const { place } = this.call;
    return (yield* storeBy(() => stageBrought(place, record, codec, data, this.options))) !== undefined;
  }

  /** What a result was made of is not needed, but known: so that it can be said whether that holds. */
  private *bringUpstream(records: readonly EntryRecord[]): Flow<void> {
    const asked = new Set<string>();
    for (let level = this.missingIn(records, asked); level.length > 0 && asked.size < MOST_UPSTREAM;) {
      const sought = level.map(({ call }) => soughtOf(call, ''));
      const names = yield* this.ask({ ask: 'names', sought });
      const wanted = names.flatMap((each) => each.slice(0, MOST_TRIED));
      const taken = yield* this.ask({ ask: 'records', names: wanted });
      const found: EntryRecord[] = [];
      for (const each of taken) {
        if ('refused' in each) {
          // Where it is a blob, its record alone would do: but nobody vouches for that either.
          this.refuse(each.name, each.refused);
          continue;
        }
        const { record } = each;
        const isMeant = level.some(
          ({ digest, generation }) => digest === record.digest && generation === record.generation,
        );
        if (!isMeant) continue;
        bringRecord(placeOf(this.call.place.tmpdir, record.identity), record);
        found.push(record);
      }
      level = this.missingIn(found, asked);
    }
  }

  /** Results that records name and that are not here, under the same tmpdir. */
  private missingIn(records: readonly EntryRecord[], asked: Set<string>): TracedCall[] {
    const { tmpdir } = this.call.place;
    return records.flatMap(({ trace }) =>
      trace.filter((item): item is TracedCall => {
        if (!('call' in item) || item.tmpdir !== undefined) return false;
        const digest = identityDigest(item.call);
        if (asked.has(digest)) return false;
        asked.add(digest);
        return findEntry(placeOf(tmpdir, item.call), item.call).kind === 'absent';
      }),
    );
  }

  private refuse(name: string, reason: string): false {
    this.isRefused = true;
    this.call.say('refused', { file: this.urlOf(name), reason });
    const { url } = this.remote.settings;
    const advice =
      reason === NO_KEY
        ? 'only plain arrays, tables and JSON are taken: give setRemote a key, or set STOWAGE_REMOTE_KEY'
        : `what lies there is not used: \`stowage remote verify\` says what else is wrong`;
    warnOnce('STOWAGE_REMOTE_REFUSED', `${url} ${reason}`, `${this.urlOf(name)}: ${reason}; ${advice}`);
    return false;
  }

  private urlOf(name: string): string {
    return `${this.remote.settings.url}/${name}`;
  }
}

function soughtOf(identity: Identity, own: string): SoughtRecord {
  return { identity: identityDigest(identity), prefix: tagPrefix(identity), own };
}

/** A remote that fails is told of once, and is then left alone for a while. What the disk says is told as ever. */
export function reportRemote(call: OneCall, error: unknown): void {
  if (!(error instanceof NoAnswer)) {
    if (error instanceof ValidateError) throw error;
    reportFault(call, 'stored', error);
    return;
  }
  if (!error.isNews) return;
  const { reason, message, meanwhile } = error;
  tell(call, 'fault', { error, reason });
  warnOnce('STOWAGE_REMOTE', reason, `${message}. ${meanwhile}, until it answers again`);
}
