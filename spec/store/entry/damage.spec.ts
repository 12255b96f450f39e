import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { cacheOnDisk, configure, forget, getDiskCacher, setTag, setTmpdir } from 'stowage';
import { sealOf } from '#lib/store/record/checksum.js';
import { Analysis } from '../../support/analyses/analysis-job.js';
import { recordedEvents } from '../../support/output/recorded-events.js';
import { Replaced } from '../../support/analyses/replaced.js';
import { difference, expectSame } from '../../support/values/same-value.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

type Method = 'array' | 'small' | 'blob' | 'big';

function tagged(tmpdir: string): Analysis {
  const analysis = new Analysis();
  setTmpdir(analysis, tmpdir);
  setTag(analysis, 't');
  return analysis;
}

const untouched = new Analysis();

/** Changes a record and seals it as its writer would have. */
function rewriteRecord(path: string, change: (record: Record<string, unknown>) => void): void {
  const record = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  delete record.seal;
  change(record);
  const body = JSON.stringify(record, undefined, 2).slice(0, -2);
  writeFileSync(path, `${body},\n  "seal": "${sealOf(body)}"\n}\n`);
}

describe('damage on disk', () => {
  const seen = recordedEvents('hit', 'miss', 'store', 'corrupt', 'fault', 'uncacheable');
  let folder: string;
  const kinds = (): string[] => seen.map(({ type }) => type);
  const file = (name: string): string => join(folder, 'cachet', `root.Analysis.${name}`);
  /** Asks an analyzer of another day; the value must be right. */
  const ask = (method: Method): Analysis => {
    seen.length = 0;
    const analysis = tagged(folder);
    expectSame(analysis[method](), untouched[method]());
    return analysis;
  };

  beforeEach(() => {
    folder = temporaryFolder();
  });

  for (const [method, extension] of [
    ['array', 'npy'],
    ['array', 'json'],
    ['blob', 'v8'],
    ['blob', 'json'],
    ['small', 'json'],
  ] as const) {
    it(`of any bit and any length of the .${extension} of ${method}() is noticed, and the right value comes`, () => {
      ask(method);
      const path = file(`${method}.${extension}`);
      // A whole number of seconds can be set again to the nanosecond; the load stamps the record with it.
      const restoreTime = (): void => {
        utimesSync(path, 1e9, 1e9);
      };
      restoreTime();
      expect(ask(method).ran).to.deep.equal([]);
      const intact = readFileSync(path);
      const { ino } = statSync(path);
      restoreTime();
      const analysis = tagged(folder);
      // Nothing is written, so that the next case finds what this one found.
      configure({ readonly: true });
      const expectRecomputed = (bytes: Buffer, what: string): void => {
        // In place, and with the time of before: neither inode nor time gives it away.
        writeFileSync(path, bytes);
        restoreTime();
        analysis.ran.length = 0;
        seen.length = 0;
        forget(analysis);
        const found = difference(analysis[method](), untouched[method]());
        if (
          found !== undefined ||
          analysis.ran.join() !== method ||
          kinds().includes('fault') ||
          !kinds().includes('miss')
        ) {
          expect.fail(`${what}: ${found ?? 'the right value'}, ran ${analysis.ran.join()}, events ${kinds().join()}`);
        }
      };
      try {
        const damaged = Buffer.from(intact);
        for (let bit = 0; bit < intact.length * 8; bit++) {
          const before = intact[bit >> 3] ?? 0;
          damaged[bit >> 3] = before ^ (1 << (bit & 7));
          expectRecomputed(damaged, `bit ${bit}`);
          damaged[bit >> 3] = before;
        }
        for (let length = 0; length < intact.length; length++)
          expectRecomputed(intact.subarray(0, length), `length ${length}`);
        expectRecomputed(Buffer.concat([intact, Buffer.from('x')]), 'one byte more');
      } finally {
        configure({ readonly: false });
      }
      writeFileSync(path, intact);
      restoreTime();
      expect(statSync(path).ino).to.equal(ino);
      expect(ask(method).ran, 'intact again').to.deep.equal([]);
    });
  }

  for (const [what, method, spoil] of [
    [
      'a truncated data file',
      'array',
      () => {
        truncateSync(file('array.npy'), 130);
      },
    ],
    [
      'an empty data file',
      'blob',
      () => {
        truncateSync(file('blob.v8'), 0);
      },
    ],
    [
      'a data file that is gone',
      'array',
      () => {
        rmSync(file('array.npy'));
      },
    ],
    [
      'a data file that became a folder',
      'array',
      () => {
        rmSync(file('array.npy'));
        mkdirSync(file('array.npy'));
      },
    ],
    [
      'a data file that became a link',
      'array',
      () => {
        renameSync(file('array.npy'), join(folder, 'x'));
        symlinkSync(join(folder, 'x'), file('array.npy'));
      },
    ],
    [
      'a data file that became a named pipe',
      'array',
      () => {
        rmSync(file('array.npy'));
        spawnSync('mkfifo', [file('array.npy')]);
      },
    ],
    [
      'a record that became a named pipe',
      'array',
      () => {
        rmSync(file('array.json'));
        spawnSync('mkfifo', [file('array.json')]);
      },
    ],
    [
      'a truncated record',
      'array',
      () => {
        truncateSync(file('array.json'), 400);
      },
    ],
    [
      'an empty record',
      'small',
      () => {
        truncateSync(file('small.json'), 0);
      },
    ],
    [
      'a record that is gone',
      'array',
      () => {
        rmSync(file('array.json'));
      },
    ],
    [
      'a record that became a folder',
      'array',
      () => {
        rmSync(file('array.json'));
        mkdirSync(file('array.json'));
      },
    ],
  ] as [string, Method, () => void][]) {
    it(`: ${what} is computed again, once`, () => {
      ask(method);
      spoil();
      const again = ask(method);
      expect(again.ran).to.deep.equal([method]);
      if (what.includes('became a folder')) return;
      expect(kinds()).to.include('store').and.not.include('fault');
      expect(ask(method).ran, 'the next time').to.deep.equal([]);
    });
  }

  it('of a record of ours that was cut off behind its identity is a corrupt event, and its place is taken again', () => {
    ask('array');
    const names = readdirSync(join(folder, 'cachet')).sort();
    truncateSync(file('array.json'), 400);
    ask('array');
    expect(kinds()).to.deep.equal(['corrupt', 'miss', 'store']);
    expect(readdirSync(join(folder, 'cachet')).sort()).to.deep.equal(names);
  });

  it("does not befall another identity's record, which stays and is found by its own", () => {
    ask('small');
    rewriteRecord(file('small.json'), (record) => {
      (record.identity as { rootClass: string }).rootClass = 'Other';
    });
    const foreign = readFileSync(file('small.json'), 'utf8');
    expect(ask('small').ran).to.deep.equal(['small']);
    expect(ask('small').ran).to.deep.equal([]);
    expect(readFileSync(file('small.json'), 'utf8')).to.equal(foreign);
    expect(basename(seen[0]?.file ?? '')).to.match(/^root\.Analysis\.small~[0-9a-f]{16}\.json$/);
  });

  it('is what a record is that names a file outside; that file is neither read nor touched', () => {
    ask('array');
    const outside = join(folder, 'outside.npy');
    writeFileSync(outside, readFileSync(file('array.npy')));
    rewriteRecord(file('array.json'), (record) => {
      record.file = '../outside.npy';
    });
    expect(ask('array').ran).to.deep.equal(['array']);
    expect(kinds()).to.include('corrupt');
    expect(existsSync(outside)).to.equal(true);
    expect(ask('array').ran).to.deep.equal([]);
  });

  for (const [what, change] of Object.entries({
    'of a later format': (record: Record<string, unknown>) => {
      record.format = 2;
    },
    'of a codec that nobody registered': (record: Record<string, unknown>) => {
      record.codec = 'hdf5';
    },
    'of a blob that this runtime cannot decode': (record: Record<string, unknown>) => {
      record.codec = 'arrow';
      record.type = 'Table';
    },
  })) {
    it(`is not what an entry is ${what}: it is a miss that keeps the files`, () => {
      ask('array');
      rewriteRecord(file('array.json'), change);
      const before = readdirSync(join(folder, 'cachet')).map((name) =>
        readFileSync(join(folder, 'cachet', name), 'latin1'),
      );
      for (let day = 0; day < 2; day++) {
        const analysis = ask('array');
        expect(analysis.ran).to.deep.equal(['array']);
        expect(kinds()).to.deep.equal(['miss']);
        expect(seen[0]).to.deep.include({ reason: 'unreadable here' });
        analysis.array();
        expect(analysis.ran, 'kept in memory').to.deep.equal(['array']);
      }
      expect(
        readdirSync(join(folder, 'cachet')).map((name) => readFileSync(join(folder, 'cachet', name), 'latin1')),
      ).to.deep.equal(before);
    });
  }

  for (const [extension, method] of [
    ['npy', 'array'],
    ['json', 'array'],
    ['json', 'small'],
  ] as const) {
    it(`does not befall a foreign .${extension} where ${method}() would go: the entry gets a ~ name and is found again`, () => {
      mkdirSync(join(folder, 'cachet'));
      writeFileSync(file(`${method}.${extension}`), 'mine');
      expect(ask(method).ran).to.deep.equal([method]);
      expect(ask(method).ran).to.deep.equal([]);
      expect(getDiskCacher(tagged(folder), method).fullpath()).to.contain('~');
      expect(readFileSync(file(`${method}.${extension}`), 'utf8')).to.equal('mine');
    });
  }

  it('does not befall a foreign data file of the format that the result gets later', () => {
    class Changing {
      readonly now = { value: 1 as unknown };
      @cacheOnDisk({ refresh: () => true })
      result(): unknown {
        return this.now.value;
      }
    }
    const at = (extension: string): string => join(folder, 'cachet', `root.Changing.result.${extension}`);
    const day = (value: unknown): Changing => {
      const changing = new Changing();
      changing.now.value = value;
      setTmpdir(changing, folder);
      setTag(changing, 't');
      expect(changing.result()).to.equal(value);
      return changing;
    };
    day(1);
    writeFileSync(at('npy'), 'mine');
    const cacher = getDiskCacher(day(Float64Array.of(1)), 'result');
    expect(readFileSync(at('npy'), 'utf8')).to.equal('mine');
    expect(basename(cacher.dataFile() ?? '')).to.match(/~[0-9a-f]{16}\.npy$/);
    expect(existsSync(at('json')), 'the record of before').to.equal(false);
  });

  it('is not left behind when the format of a result changes: the old data goes', () => {
    const value = { now: Float64Array.of(1) as unknown };
    class Changing {
      @cacheOnDisk({ refresh: () => true })
      result(): unknown {
        return value.now;
      }
    }
    const changing = new Changing();
    setTmpdir(changing, folder);
    setTag(changing, 't');
    const names: string[] = [];
    for (value.now of [Float64Array.of(1), new Map([[1, 2]]), 'text', Float32Array.of(2)]) {
      changing.result();
      names.push(
        readdirSync(join(folder, 'cachet'))
          .filter((name) => name.startsWith('root'))
          .sort()
          .join(),
      );
    }
    const both = (extension: string): string =>
      [`root.Changing.result.${extension}`, 'root.Changing.result.json'].sort().join();
    expect(names).to.deep.equal([both('npy'), both('v8'), 'root.Changing.result.json', both('npy')]);
  });

  it('is never seen by a reader beside a process that replaces the entries thousands of times', async function () {
    this.timeout(60_000);
    // Where files live in memory, a writer is quick enough to be in the way.
    const inMemory = existsSync('/dev/shm') ? mkdtempSync('/dev/shm/stowage-spec-') : folder;
    const stop = join(inMemory, 'stop');
    const child = spawn(process.execPath, [
      fileURLToPath(new URL('../../support/output/writer.js', import.meta.url)),
      inMemory,
      stop,
    ]);
    let rounds = '';
    child.stdout.on('data', (data: Buffer) => (rounds += data.toString()));
    const ended = new Promise((resolve) => child.on('close', resolve));
    while (!existsSync(join(inMemory, 'cachet', 'root.Replaced.blob.json'))) await setImmediate();
    let reads = 0;
    const until = performance.now() + 3000;
    const reader = new Replaced();
    reader.refresh.filling = 255;
    setTmpdir(reader, inMemory);
    setTag(reader, 't');
    configure({ readonly: true });
    seen.length = 0;
    try {
      while (performance.now() < until || reads <= 10) {
        forget(reader);
        const array = reader.array();
        const [[filling, numbers] = [-1, []]] = reader.blob();
        if (array.some((byte) => byte !== array[0]) || array.length !== 1000 + (array[0] ?? 0))
          expect.fail('a mixed array');
        if (numbers.length !== 500 || numbers.some((number) => number !== filling)) expect.fail('a mixed blob');
        reads++;
      }
    } finally {
      configure({ readonly: false });
      writeFileSync(stop, '');
      await ended;
      if (inMemory !== folder) rmSync(inMemory, { recursive: true });
    }
    // On a busy machine there are fewer than on an idle one, which has hundreds.
    expect(Number(rounds), 'rounds of the writer').to.be.above(10);
    expect(reads, 'rounds of the reader').to.be.above(10);
    expect(
      seen.filter(({ type }) => type !== 'hit').map(({ type, reason }) => `${type} ${reason ?? ''}`),
    ).to.deep.equal([]);
  });
});

describe('data on disk', () => {
  const seen = recordedEvents('hit', 'miss', 'store', 'corrupt', 'fault', 'stale');
  let folder: string;
  const kinds = (): string[] => seen.map(({ type }) => type);
  beforeEach(() => {
    folder = temporaryFolder();
  });
  const day = <T extends object>(Class: new () => T): T => {
    const analysis = new Class();
    setTmpdir(analysis, folder);
    setTag(analysis, 't');
    seen.length = 0;
    return analysis;
  };

  class Big {
    @cacheOnDisk
    trusted(): Float64Array {
      return new Float64Array(200_000).fill(1);
    }
    @cacheOnDisk({ durable: false })
    unsure(): Float64Array {
      return new Float64Array(200_000).fill(1);
    }
    @cacheOnDisk
    get blob(): { data: Float64Array } {
      return { data: new Float64Array(200_000).fill(1) };
    }
  }
  /** Changes the last byte, in place, and with the time of before. */
  const spoil = (path: string, keepTime: boolean): void => {
    const { atimeNs: _, mtimeNs } = statSync(path, { bigint: true });
    const fd = openSync(path, 'r+');
    writeSync(fd, Buffer.from([0x40]), 0, 1, statSync(path).size - 1);
    closeSync(fd);
    // utimes knows microseconds at best; touch knows nanoseconds.
    if (keepTime)
      spawnSync('touch', [
        '-d',
        `@${String(mtimeNs / 1_000_000_000n)}.${String(mtimeNs % 1_000_000_000n).padStart(9, '0')}`,
        path,
      ]);
  };

  it('of more than 1 MiB of .npy is trusted by size, time and inode', () => {
    day(Big).trusted();
    const path = getDiskCacher(day(Big), 'trusted').dataFile() ?? '';
    spoil(path, true);
    const value = day(Big).trusted();
    expect(kinds()).to.deep.equal(['hit']);
    // The price of trust, as it is documented: such a forgery is not noticed.
    expect(value.at(-1)).not.to.equal(1);
  });

  it('of that size is verified when its time differs', () => {
    day(Big).trusted();
    spoil(getDiskCacher(day(Big), 'trusted').dataFile() ?? '', false);
    expect(day(Big).trusted().at(-1)).to.equal(1);
    expect(kinds()).to.deep.equal(['corrupt', 'miss', 'store']);
  });

  it('of that size is verified after it was copied, and then trusted again by its new stamp', () => {
    day(Big).trusted();
    const path = getDiskCacher(day(Big), 'trusted').dataFile() ?? '';
    cpSync(path, `${path}.copy`);
    renameSync(`${path}.copy`, path);
    const record = (): { mtimeNs: string; inode: string } =>
      JSON.parse(readFileSync(path.replace(/npy$/, 'json'), 'utf8')) as { mtimeNs: string; inode: string };
    const before = record();
    expect(day(Big).trusted().at(-1)).to.equal(1);
    expect(kinds()).to.deep.equal(['hit']);
    const { mtimeNs, ino } = statSync(path, { bigint: true });
    expect(record()).to.include({ mtimeNs: String(mtimeNs), inode: String(ino) });
    expect(record().inode).not.to.equal(before.inode);
    spoil(path, true);
    expect(day(Big).trusted().at(-1), 'trusted').not.to.equal(1);
  });

  for (const method of ['unsure', 'blob'] as const) {
    it(`${method === 'blob' ? 'of another format' : 'that is not durable'} is verified on every load, whatever its size`, () => {
      const ask = (): Float64Array => {
        const big = day(Big);
        return method === 'blob' ? big.blob.data : big.unsure();
      };
      ask();
      spoil(getDiskCacher(day(Big), method).dataFile() ?? '', true);
      expect(ask().at(-1)).to.equal(1);
      expect(kinds()).to.deep.equal(['corrupt', 'miss', 'store']);
    });
  }

  it('says in its record that it is not durable', () => {
    day(Big).unsure();
    const path = `${getDiskCacher(day(Big), 'unsure').fullpath()}.json`;
    expect(JSON.parse(readFileSync(path, 'utf8'))).to.include({ durable: false });
    expect(dirname(path)).to.equal(join(folder, 'cachet'));
  });

  it('is computed again when its lifetime is over, in memory and on disk', () => {
    class Short {
      readonly ran: string[] = [];
      @cacheOnDisk({ lifetime: { hours: 1 } })
      hour(): number {
        this.ran.push('hour');
        return this.ran.length;
      }
    }
    const age = (path: string): void => {
      rewriteRecord(path, (record) => {
        record.computedAt = Number(record.computedAt) - 3601;
      });
    };
    day(Short).hour();
    const short = day(Short);
    expect(short.hour()).to.equal(1);
    expect(short.hour()).to.equal(1);
    expect(short.ran).to.deep.equal([]);
    age(`${getDiskCacher(short, 'hour').fullpath()}.json`);
    const later = day(Short);
    later.hour();
    expect(later.ran).to.deep.equal(['hour']);
    expect(kinds()).to.deep.equal(['stale', 'miss', 'store']);
    expect(seen[0]?.reason).to.equal('expired');
    expect(day(Short).hour(), 'renewed').to.equal(1);
    expect(kinds()).to.deep.equal(['hit']);
  });
});
