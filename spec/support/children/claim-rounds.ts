/** Rounds of many peers at one entry, for specs and soaks. */
import { expect } from 'chai';
import { eventually, type Stage } from '../analyses/claim-night.js';
import type { Answer, Peer, Request } from './claim-peer.js';

type Method = Extract<Request['method'], 'slow' | 'slowly'>;

/** All begin; the answers come once the gate is open. */
async function begin(peers: readonly Peer[], method: Method, tmpdir: string, stage: Stage): Promise<Promise<Answer>[]> {
  const answers = peers.map(async (peer, n) =>
    peer.call({ stage: stage.folder, tmpdir, tag: 'night1', method, begins: `begins${n}` }),
  );
  // Handled later; until then a peer may be killed.
  for (const answer of answers) answer.catch(() => undefined);
  await eventually('all to begin', () => peers.every((_, n) => stage.isOpen(`begins${n}`)) && stage.runs.length > 0);
  return answers;
}

/** All peers call at once, cold: one computes, all have its value. */
export async function computeOnce(peers: readonly Peer[], method: Method, tmpdir: string, stage: Stage): Promise<void> {
  const answers = await begin(peers, method, tmpdir, stage);
  stage.open('gate');
  const values = (await Promise.all(answers)).map(({ value, error }) => error?.message ?? value);
  expect(stage.runs).to.have.length(1);
  for (const value of values) expect(value).to.deep.equal(new Float64Array([1, 2, stage.runs[0]?.pid ?? -1]));
}

/**
 * As {@link computeOnce}, with the owner killed while it computes; another peer takes its place among `peers`.
 * @returns the seconds until another computed
 */
export async function killTheOwner(
  peers: Peer[],
  another: () => Promise<Peer>,
  method: Method,
  tmpdir: string,
  stage: Stage,
): Promise<number> {
  const answers = await begin(peers, method, tmpdir, stage);
  const [owner] = stage.runs;
  const index = peers.findIndex((peer) => peer.id === owner?.thread || peer.id === owner?.pid);
  const killed = peers[index];
  if (killed === undefined) throw new Error('the owner is none of the peers');
  await killed.kill();
  const died = Date.now();
  await eventually('another owner', () => stage.runs.length > 1);
  const seconds = ((stage.runs[1]?.at ?? Infinity) - died) / 1000;
  stage.open('gate');
  const values = (await Promise.all(answers.filter((_, n) => n !== index))).map(
    ({ value, error }) => error?.message ?? value,
  );
  expect(stage.runs).to.have.length(2);
  for (const value of values) expect(value).to.deep.equal(new Float64Array([1, 2, stage.runs[1]?.pid ?? -1]));
  peers[index] = await another();
  return seconds;
}
