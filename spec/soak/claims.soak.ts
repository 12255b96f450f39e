import { expect } from 'chai';
import { Stage } from '../support/analyses/claim-night.js';
import { Peer } from '../support/children/claim-peer.js';
import { computeOnce, killTheOwner } from '../support/children/claim-rounds.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const rounds = 100;

describe('claims, a hundred times', () => {
  for (const kind of ['process', 'thread'] as const) {
    describe(`between eight of kind ${kind}`, () => {
      const peers: Peer[] = [];

      before(async () => {
        peers.push(...(await Promise.all(Array.from({ length: 8 }, () => Peer[kind]()))));
      });
      after(async () => {
        await Promise.all(peers.map((peer) => peer.kill()));
      });

      for (const method of ['slow', 'slowly'] as const) {
        it(`let one compute for all (${method})`, async () => {
          for (let round = 0; round < rounds; round++) {
            await computeOnce(peers, method, temporaryFolder(), new Stage(temporaryFolder()));
          }
        });

        it(`let exactly one take over from an owner that is killed (${method})`, async () => {
          const times: number[] = [];
          for (let round = 0; round < rounds; round++) {
            const [tmpdir, stage] = [temporaryFolder(), new Stage(temporaryFolder())];
            times.push(await killTheOwner(peers, () => Peer[kind](), method, tmpdir, stage));
          }
          expect(times.sort((a, b) => a - b)[Math.floor(rounds * 0.9)]).to.be.lessThan(1);
        });
      }
    });
  }
});
