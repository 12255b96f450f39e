/* eslint-disable @typescript-eslint/no-extraneous-class -- classes that are nothing but classes are what is tried */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { functionName, isNdArray, isTypedArray } from '#lib/base/language/brand.js';
import { elapsedSince, now, startWork, stopwatch } from '#lib/base/clock.js';
import { load } from '#lib/base/packages/optional.js';
import { Xxh3 } from '#lib/base/packages/xxh3.js';
import { VERSION } from '#lib/base/version.js';
import { warnOnce } from '#lib/base/warn.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('version', () => {
  it("is package.json's, so that records say the truth", () => {
    const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
    expect(VERSION).to.equal((JSON.parse(text) as { version: string }).version);
  });
});

describe('warnOnce', () => {
  it('says each cause once, and another cause of the same code too', async () => {
    const said: string[] = [];
    const note = (warning: Error): void => {
      said.push(`${warning.name} ${(warning as NodeJS.ErrnoException).code ?? ''} ${warning.message}`);
    };
    process.on('warning', note);
    warnOnce('STOWAGE_SPEC', 'one', 'first');
    warnOnce('STOWAGE_SPEC', 'one', 'first again');
    warnOnce('STOWAGE_SPEC', 'two', 'second');
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', note);
    expect(said).to.deep.equal(['StowageWarning STOWAGE_SPEC first', 'StowageWarning STOWAGE_SPEC second']);
  });
});

describe('clock', () => {
  it('does not count as work what passes while this process has nothing to do', () => {
    const work = startWork();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2000);
    expect(work()).to.be.below(1.5);
    const start = process.cpuUsage();
    for (let spent = 0; spent < 50_000;) {
      const { user, system } = process.cpuUsage(start);
      spent = user + system;
    }
    expect(work()).to.be.at.least(0.049);
  });

  it('tells the time in seconds', () => {
    expect(Math.abs(now() - Date.now() / 1000)).to.be.below(30);
    const start = stopwatch();
    const elapsed = elapsedSince(start);
    expect(elapsed).to.be.within(0, 30);
  });
});

describe('load', () => {
  it('gives the same module each time, and says which package is missing', () => {
    expect(load('ndarray')).to.equal(load('ndarray'));
    expect(() => load('no-such-package-of-ours')).to.throw('no-such-package-of-ours');
  });

  it('gives the copy of a package that the user has, so that her tables are stored and come back as hers', () => {
    const user = fileURLToPath(new URL('../support/analyses/arrow-user.js', import.meta.url));
    const { stdout, stderr } = spawnSync(process.execPath, [user, temporaryFolder()], { encoding: 'utf8' });
    expect(stdout, stderr).to.equal('computed true 2 true 2 ');
  });
});

describe('the brands', () => {
  it('take no primitive, null or view of bytes for an array', () => {
    for (const value of [1, 'abc', null, undefined]) expect(isNdArray(value)).to.equal(false);
    expect(isTypedArray(new DataView(new ArrayBuffer(8)))).to.equal(false);
    expect(isTypedArray(Object.setPrototypeOf([1], Float64Array.prototype))).to.equal(false);
    expect(isTypedArray(Float64Array.of(1))).to.equal(true);
  });

  it('know a class without a name of its own', () => {
    expect(functionName(class {})).to.equal('');
    expect(functionName(Map)).to.equal('Map');
  });
});

describe('Xxh3', () => {
  it('gives the published sum of nothing, whatever the pieces', () => {
    expect(new Xxh3().checksum()).to.equal('xxh3:2d06800538d394c2');
    const [whole, pieces] = [new Xxh3(), new Xxh3()];
    whole.update(Buffer.from('strehl'));
    for (const piece of ['str', '', 'ehl']) pieces.update(Buffer.from(piece));
    expect(pieces.checksum()).to.equal(whole.checksum());
    expect(whole.checksum()).not.to.equal(new Xxh3().checksum());
  });
});
