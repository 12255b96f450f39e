/**
 * What a remote costs a team, by simulation: who computes, who takes, who has it already. The requests are those that
 * spec/remote/remote.spec.ts pins; prices are Amazon's of its first region, in 2026, and times are those of the assumptions.
 */
import type { BenchCase, Row } from './case.js';

const ENTRIES = 1_000_000;
const TAGS = 10_000;
const HOSTS = 100;

const ASSUMED = {
  /** Of the results, so many have data of their own, of so many bytes. */
  large: 0.5,
  bytes: 4e6,
  /** So many other results each was made of, whose records come along the first time, many of them here already. */
  newUpstream: 0.3,
  /** Seconds that computing one takes. */
  computing: 5,
  /** Seconds from a request to its answer, and bytes a second to a host. */
  latency: 0.03,
  bandwidth: 100e6,
  /** Of the tags, so many are asked for by each of the others. */
  takenByEach: 0.02,
  /** A list holds for so many seconds. */
  listHolds: 60,
};

/** Dollars: for a thousand requests, for a gigabyte that is kept for a month, and for one that leaves the region. */
const PRICES = { put: 0.005, get: 0.0004, month: 0.023, leaving: 0.09 };

interface Bill {
  lists: number;
  gets: number;
  puts: number;
  bytes: number;
  /** Of the host that takes longest. */
  seconds: number;
}

const nothing = (): Bill => ({ lists: 0, gets: 0, puts: 0, bytes: 0, seconds: 0 });

/** The same each time it is run. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** Every host computes its share of the tags, none of which is there yet, and pushes meanwhile. */
function computing(random: () => number): Bill {
  const bill = nothing();
  const perTag = ENTRIES / TAGS;
  const hosts = Array.from({ length: HOSTS }, () => 0);
  for (let tag = 0; tag < TAGS; tag++) {
    const seconds = perTag * ASSUMED.computing;
    const lists = Math.ceil(seconds / ASSUMED.listHolds);
    bill.lists += lists;
    for (let entry = 0; entry < perTag; entry++) {
      const isLarge = random() < ASSUMED.large;
      bill.puts += isLarge ? 2 : 1;
      if (isLarge) bill.bytes += ASSUMED.bytes;
    }
    // Pushing is the thread's, beside the computing.
    const host = tag % HOSTS;
    hosts[host] = (hosts[host] ?? 0) + seconds + lists * ASSUMED.latency;
  }
  bill.seconds = Math.max(...hosts);
  return bill;
}

/** Every host takes all of some tags, one result after the other. */
function taking(random: () => number): Bill {
  const bill = nothing();
  const perTag = ENTRIES / TAGS;
  for (let host = 0; host < HOSTS; host++) {
    let seconds = 0;
    const tags = Math.round(TAGS * ASSUMED.takenByEach);
    for (let tag = 0; tag < tags; tag++) {
      let taken = 0;
      for (let entry = 0; entry < perTag; entry++) {
        const isLarge = random() < ASSUMED.large;
        const upstream = random() < ASSUMED.newUpstream ? 1 : 0;
        const gets = 1 + (isLarge ? 1 : 0) + upstream;
        bill.gets += gets;
        taken += gets * ASSUMED.latency + (isLarge ? ASSUMED.bytes / ASSUMED.bandwidth : 0);
        if (isLarge) bill.bytes += ASSUMED.bytes;
      }
      const lists = Math.max(1, Math.ceil(taken / ASSUMED.listHolds));
      bill.lists += lists;
      seconds += taken + lists * ASSUMED.latency;
    }
    bill.seconds = Math.max(bill.seconds, seconds);
  }
  return bill;
}

function rowOf(contender: string, { lists, gets, puts, bytes, seconds }: Bill, leaves: boolean): Row {
  const requests = (lists + puts) * (PRICES.put / 1000) + gets * (PRICES.get / 1000);
  const leaving = leaves ? (bytes / 1e9) * PRICES.leaving : 0;
  const counts = `${String(lists)} lists, ${String(gets)} gets, ${String(puts)} puts, ${(bytes / 1e12).toFixed(2)} TB`;
  const money = `$${requests.toFixed(2)} for requests${leaves ? `, $${leaving.toFixed(0)} where the data leaves the region` : ''}`;
  return { contender, seconds: [], note: `${counts}; ${money}; ${(seconds / 3600).toFixed(1)} h a host` };
}

export const remoteScale: BenchCase = {
  name: 'remote-scale',
  title: 'what a remote costs a team, by simulation',
  run() {
    const random = randomOf(7);
    const computed = computing(random);
    const taken = taking(random);
    const again = nothing();
    const { large, bytes, computing: each } = ASSUMED;
    const kept = (ENTRIES * large * bytes) / 1e9;
    const without = (TAGS * ASSUMED.takenByEach * (ENTRIES / TAGS) * each) / 3600;
    return [
      {
        title: `${String(ENTRIES)} results in ${String(TAGS)} tags, ${String(HOSTS)} hosts`,
        subject: 'computing all of them, and pushing',
        rows: [
          rowOf('computing all of them, and pushing', computed, false),
          rowOf('each host takes 2 % of the tags', taken, true),
          { contender: 'the same, computed by each host', seconds: [], note: `${without.toFixed(1)} h a host` },
          rowOf('each host asks for them again', again, false),
          { contender: 'keeping it', seconds: [], note: `$${(kept * PRICES.month).toFixed(0)} a month` },
        ],
      },
    ];
  },
};
