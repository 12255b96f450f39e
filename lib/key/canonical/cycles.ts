/**
 * Objects that contain themselves. They are told apart by what can be reached from them step by step, which is all that
 * a method can read: rounds of digests, each from the digests of the round before, until no round tells more apart.
 */
import { hash } from 'node:crypto';
import type { Encoder } from './encoder.js';
import { type Plan, Refusal, Tag } from './plan.js';
import { stronglyConnected } from './strongly-connected.js';

/** Members of a cycle times rounds: some seconds of work. */
const MOST_WORK = 5_000_000;

/** Gives the encoder the encodings of all objects within `root` that contain themselves. */
export function digestCycles(encoder: Encoder, root: Plan): void {
  encoder.plans = new Map();
  // Inner components come first, so that outer ones find them known.
  for (const members of stronglyConnected(root, (value) => encoder.planOf(value))) refine(encoder, members);
}

function refine(encoder: Encoder, members: readonly object[]): void {
  const { known, writer } = encoder;
  let digests: Buffer[];
  let classes = 0;
  for (const member of members) known.set(member, Uint8Array.of(Tag.cycle));
  for (let round = 1; ; round++) {
    if (members.length * round > MOST_WORK) throw new Refusal('part of a circular structure that is too large');
    digests = members.map((member) => {
      writer.length = 0;
      encoder.encode(encoder.planOf(member));
      return hash('sha256', writer.since(0), 'buffer');
    });
    const distinct = new Set(digests.map((digest) => digest.toString('latin1'))).size;
    // The last round's digests name each class by its ways into classes of the round before.
    if (distinct === classes) break;
    classes = distinct;
    for (const [i, member] of members.entries()) known.set(member, encoding(digests[i] as Buffer));
  }
  const names = new Set(digests.map((digest) => digest.toString('hex')));
  const everyClass = hash('sha256', [...names].sort().join(), 'buffer');
  for (const [i, member] of members.entries()) {
    known.set(member, encoding(hash('sha256', Buffer.concat([digests[i] as Buffer, everyClass]), 'buffer')));
  }
  writer.length = 0;
}

function encoding(digest: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(Tag.cycle), digest]);
}
