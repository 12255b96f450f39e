/** The thread that speaks to a remote: for callers that wait for it, and for those that do not. */
import { workerData } from 'node:worker_threads';
import { RemoteError } from '../../base/errors.js';
import { shownRedis } from '../../base/text/redis-address.js';
import { codeOf, messageOf } from '../../base/thrown.js';
import { openBackend } from '../backend/open-backend.js';
import { checkData, dataOf, LARGEST_ENVELOPE, openEnvelope, type Opened } from '../contract/envelope.js';
import type { HostClaims } from '../contract/host-claims.js';
import { readRecordName, RECORDS } from '../contract/layout.js';
import { WITHOUT_CLAIMS, WITHOUT_REMOTE } from '../contract/meanwhile.js';
import { RefusedError } from '../contract/refused.js';
import { signerOf } from '../contract/signature.js';
import { Breaker } from '../work/breaker.js';
import { BucketClaims } from '../work/bucket-claims.js';
import { inTurn } from '../work/in-turn.js';
import { Listing } from '../work/listing.js';
import { pushEntry, type Pushed } from '../work/push-entry.js';
import { RedisClaims } from '../work/redis-claims.js';
import type { Answers, Failure, FromThread, Question, RemoteThreadData, Taken, ToPush, ToThread } from './messages.js';

const { settings, answers, port } = workerData as RemoteThreadData;
const backend = openBackend(settings);
const signer = signerOf(settings.key);
const listing = new Listing(backend);
const claims = openClaims();

/** What is asked, what is left alone where it does not answer, and what is done then. */
interface Asked {
  name: string;
  breaker: Breaker;
  meanwhile: string;
}

const remote: Asked = { name: settings.url, breaker: new Breaker(), meanwhile: WITHOUT_REMOTE };
const others: Asked =
  settings.claims === undefined
    ? remote
    : { name: shownRedis(settings.claims), breaker: new Breaker(), meanwhile: WITHOUT_CLAIMS };

/** So many pushes are under way at a time, and so many records are asked for. */
const AT_A_TIME = 8;
const pushes = inTurn(AT_A_TIME);

port.on('message', (message: ToThread) => {
  answer(message).then(
    (reply) => {
      port.postMessage(reply, transferable(reply));
      Atomics.add(answers, 0, 1);
      Atomics.notify(answers, 0);
    },
    // What cannot be answered ends the thread, and the next question starts another.
    (error: unknown) => {
      throw error;
    },
  );
});

async function answer(message: ToThread): Promise<FromThread> {
  const { id } = message;
  const asked = 'ask' in message && message.ask === 'claim' ? others : remote;
  try {
    const value =
      'push' in message ? await pushes(() => watched(remote, () => push(message))) : await inTime(message, asked);
    return { id, value };
  } catch (error) {
    return { id, failure: failureOf(error, asked) };
  } finally {
    if ('push' in message && message.claimed !== undefined) await release(message.claimed).catch(() => undefined);
  }
}

function openClaims(): HostClaims {
  if (settings.claims === undefined) return new BucketClaims(backend);
  // A folder is mounted elsewhere on each host.
  return new RedisClaims(settings.claims, settings.at.kind === 's3' ? `${settings.url}/` : '');
}

/** Data goes as it is, not as a copy. */
function transferable(reply: FromThread): ArrayBuffer[] {
  const data = 'value' in reply ? (reply.value as { data?: unknown } | null)?.data : undefined;
  return data instanceof Uint8Array && data.buffer instanceof ArrayBuffer && data.byteLength === data.buffer.byteLength
    ? [data.buffer]
    : [];
}

class Resting extends Error {}

/** Asks for something, unless what is asked is to be left alone. */
async function watched<T>({ name, breaker }: Asked, work: () => Promise<T>): Promise<T> {
  if (breaker.isOpen) throw new Resting(`${name} did not answer a while ago`);
  const value = await work();
  breaker.worked();
  return value;
}

function failureOf(error: unknown, { breaker, meanwhile }: Asked): Failure {
  const isOfRemote = error instanceof RemoteError;
  const isNews = isOfRemote ? breaker.failed() : !(error instanceof Resting);
  const reason = isOfRemote ? error.reason : (codeOf(error) ?? 'UNKNOWN');
  return { reason, message: messageOf(error), isNews, meanwhile };
}

async function inTime(message: { until: number } & Question, asked: Asked): Promise<Answers[Question['ask']]> {
  return within(message.until - Date.now(), (signal) => {
    // Else it would be held, and give signs of life, for ever.
    if (message.ask === 'release') return claims.release(message.identity, { signal }).then(() => undefined);
    return watched(asked, () => work(message, signal));
  });
}

async function within<T>(milliseconds: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const ended = new AbortController();
  const timer = setTimeout(
    () => {
      ended.abort(new RemoteError('ETIMEDOUT', `${settings.url} did not answer in time`));
    },
    Math.max(1, milliseconds),
  );
  try {
    return await work(ended.signal);
  } finally {
    clearTimeout(timer);
  }
}

function release(identity: string): Promise<void> {
  return within(settings.timeout * 1000, (signal) => claims.release(identity, { signal }));
}

function work(question: Exclude<Question, { ask: 'release' }>, signal: AbortSignal): Promise<Answers[Question['ask']]> {
  switch (question.ask) {
    case 'names':
      return Promise.all(
        question.sought.map(async (sought) => {
          const found = await (question.isFresh === true ? listing.now(sought, signal) : listing.of(sought, signal));
          return found.map(({ name }) => name);
        }),
      );
    case 'records':
      return records(question.names, signal);
    case 'data':
      return data(question.opened, signal);
    case 'claim':
      return claims.claim(question.identity, { signal });
  }
}

async function records(names: readonly string[], signal: AbortSignal): Promise<Taken[]> {
  const turn = inTurn(AT_A_TIME);
  const taken = await Promise.all(names.map((name) => turn(() => recordAt(name, signal))));
  return taken.filter((each) => each !== undefined);
}

async function recordAt(name: string, signal: AbortSignal): Promise<Taken | undefined> {
  const bytes = await backend.get(name, LARGEST_ENVELOPE, { signal });
  if (bytes === undefined) return undefined;
  try {
    return openEnvelope(name, bytes, signer);
  } catch (error) {
    if (error instanceof RefusedError) return { name, refused: error.message };
    throw error;
  }
}

async function data(opened: Opened, signal: AbortSignal): Promise<Answers['data']> {
  const bytes = await backend.get(dataOf(opened) as string, opened.record.bytes, { signal });
  if (bytes === undefined) return { refused: 'its data is gone' };
  try {
    checkData(opened, bytes);
    return { data: bytes };
  } catch (error) {
    if (error instanceof RefusedError) return { refused: error.message };
    throw error;
  }
}

async function push({ push: stem, replaces, claimed }: ToPush): Promise<Pushed> {
  const pushed = await pushEntry(stem, backend, signer, { replaces: replaces && (await isStillOurs(claimed)) });
  const name = pushed.name === undefined ? undefined : readRecordName(pushed.name);
  if (name !== undefined) await listing.note(prefixOf(name.name), { ...name, modifiedAt: Date.now() / 1000 });
  return pushed;
}

/** May what was computed take another's place? Not where another host has computed it since; nor where that cannot be known. */
async function isStillOurs(claimed: string | undefined): Promise<boolean> {
  if (claimed === undefined) return true;
  return within(settings.timeout * 1000, (signal) => claims.isStillOurs(claimed, { signal })).catch(() => false);
}

/** What the names of the records of the same tag begin with. */
function prefixOf(name: string): string {
  return name.slice(0, name.indexOf('/', RECORDS.length) + 1);
}
