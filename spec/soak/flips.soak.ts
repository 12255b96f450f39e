import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { cacheOnDisk, verify } from 'stowage';
import { tagIn } from '../support/analyses/analysis.js';
import { expectSame } from '../support/values/same-value.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const samples = Number(process.env.STOWAGE_SOAK_FLIPS ?? 400);

/** Results whose files are large. */
class Large {
  ran = 0;

  @cacheOnDisk
  array(): Float64Array {
    this.ran++;
    return Float64Array.from({ length: 1 << 18 }, (_, place) => Math.sin(place));
  }

  @cacheOnDisk({ durable: false })
  hasty(): Float64Array {
    this.ran++;
    return Float64Array.from({ length: 1 << 18 }, (_, place) => Math.cos(place));
  }

  @cacheOnDisk
  blob(): Map<string, Float64Array> {
    this.ran++;
    return new Map(Array.from({ length: 200 }, (_, key) => [`key ${key}`, new Float64Array(1000).fill(key)]));
  }
}

type Name = 'array' | 'hasty' | 'blob';
const files: Readonly<Record<Name, string>> = { array: 'array.npy', hasty: 'hasty.npy', blob: 'blob.v8' };
/** What verifies an array on every load starts here; below are its header and what the record says of it. */
const bodyOfNpy = 128;

describe('a large file that is damaged', () => {
  for (const name of Object.keys(files) as Name[]) {
    it(`by a bit, anywhere, with its time as it was, gives the right value or is found by verify: ${name}`, async () => {
      const tmpdir = temporaryFolder();
      const folder = join(tmpdir, 'cachenight');
      const right = tagIn(tmpdir, new Large())[name]();
      const data = join(folder, `root.Large.${files[name]}`);
      const record = join(folder, `root.Large.${name}.json`);
      const whole = { data: readFileSync(data), record: readFileSync(record) };
      const stamp = join(tmpdir, 'stamp');
      for (let sample = 0; sample < samples; sample++) {
        spawnSync('touch', ['-r', data, stamp]);
        const inHead = sample % 10 === 0;
        const position = Math.floor(Math.random() * (inHead ? bodyOfNpy : whole.data.length));
        const bytes = Buffer.from(whole.data);
        bytes[position] = (bytes[position] ?? 0) ^ (1 << (sample % 8));
        writeFileSync(data, bytes);
        spawnSync('touch', ['-r', stamp, data]);
        const where = `bit ${sample % 8} of byte ${position}`;
        const trusted = name === 'array' && position >= bodyOfNpy;
        if (trusted) {
          expect((await verify(folder)).problems['wrong checksum'], where).to.equal(1);
        } else {
          const reader = tagIn(tmpdir, new Large());
          expectSame(reader[name](), right);
          expect(reader.ran, where).to.equal(1);
        }
        // What was computed anew has a record of its own.
        writeFileSync(data, whole.data);
        writeFileSync(record, whole.record);
        tagIn(tmpdir, new Large())[name]();
        whole.record = readFileSync(record);
      }
    });

    it(`by its end, gives the right value: ${name}`, () => {
      const tmpdir = temporaryFolder();
      const right = tagIn(tmpdir, new Large())[name]();
      const data = join(tmpdir, 'cachenight', `root.Large.${files[name]}`);
      for (let sample = 0; sample < samples / 10; sample++) {
        const { atime, mtime, size } = statSync(data);
        truncateSync(data, Math.floor(Math.random() * size));
        utimesSync(data, atime, mtime);
        const reader = tagIn(tmpdir, new Large());
        expectSame(reader[name](), right);
        expect(reader.ran).to.equal(1);
      }
    });
  }
});
