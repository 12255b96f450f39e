import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Claims, type Attempt, type Claim, type ClaimWorld } from '#lib/store/claim/claim.js';
import { claimFileOf, createClaim, newNonce, readClaim, type ClaimContent } from '#lib/store/claim/claim-file.js';
import { fateOf, thisThread, type Runner } from '#lib/base/run/liveness.js';
import { clearEntries } from '#lib/store/maintain/clear.js';
import { placeOf, type Place } from '#lib/store/disk/place.js';
import type { Identity } from '#lib/store/record/identity.js';
import { eventually } from '../../support/analyses/claim-night.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const identity: Identity = {
  prefix: 'cache',
  tag: 'night1',
  instance: 'root',
  rootClass: 'Night',
  class: 'Night',
  method: 'Night.strehl',
};

const asRead = (content: ClaimContent): ClaimContent => JSON.parse(JSON.stringify(content)) as ClaimContent;

describe('a claim', () => {
  let place: Place;
  let file: string;
  beforeEach(() => {
    place = placeOf(temporaryFolder(), identity);
    file = claimFileOf(place);
  });

  const attempt = (world: Partial<ClaimWorld> = {}): { claim: Claim } & Attempt => {
    const claims = new Claims(world);
    const claim = claims.draft(place, identity);
    return { claim, ...claims.attempt(claim) };
  };
  const claim = (world: Partial<ClaimWorld> = {}): Claim => {
    const made = attempt(world);
    if (made.kind !== 'mine') throw new Error(`the claim is ${made.kind}`);
    return made.claim;
  };
  const leftByDead = (): Claim => claim({ owner: () => ({ ...thisThread(), started: '1' }) });
  const names = (): string[] => readdirSync(dirname(file)).filter((name) => name !== 'CACHEDIR.TAG');
  const elsewhere: Partial<ClaimWorld> = {
    owner: () => ({ host: 'far', pid: 1, boot: 'other', pidNamespace: 'pid:[1]', thread: 1, started: '1' }),
  };
  const age = (seconds: number): void => {
    const then = Date.now() / 1000 - seconds;
    utimesSync(file, then, then);
  };

  it('is held by one at a time', () => {
    const first = claim();
    const second = attempt();
    expect(second).to.have.property('kind', 'held');
    expect(second).to.have.nested.property('by.nonce', first.content.nonce);
    expect(names()).to.have.length(1);
    first.release();
    expect(names()).to.deep.equal([]);
    claim().release();
  });

  it('says who holds it, and since when', () => {
    const { content } = claim();
    expect(readClaim(file)?.content).to.deep.equal({ ...asRead(content), ...thisThread(), entry: identity });
    expect(content.since).to.be.closeTo(Date.now() / 1000, 10);
  });

  it('is not shared by two identities of one plain name', () => {
    const other = placeOf(place.tmpdir, { ...identity, version: 'number 2' });
    expect(other.plain).to.equal(place.plain);
    expect(claimFileOf(other)).not.to.equal(file);
  });

  it('is not released by one that lost it', () => {
    const lost = leftByDead();
    const second = claim();
    lost.release();
    expect(readClaim(file)?.content).to.deep.equal(second.content);
    expect(names()).to.have.length(1);
    second.release();
    expect(names()).to.deep.equal([]);
  });

  it('says in whose place it came', () => {
    const dead = leftByDead();
    expect(dead.content.insteadOf).to.equal(undefined);
    expect(claim().content.insteadOf).to.equal(dead.content.nonce);
    expect(names()).to.have.length(1);
  });

  it('of a dead owner is taken over by one at a time, and by another where that one died over it', () => {
    const dead = leftByDead();
    const next = `${dirname(file)}/claim-${dead.content.nonce}.claim`;
    const taker: ClaimContent = { ...dead.content, ...thisThread(), nonce: newNonce() };
    writeFileSync(next, JSON.stringify(taker));
    expect(attempt()).to.have.nested.property('by.nonce', dead.content.nonce);
    expect(names()).to.have.length(2);
    writeFileSync(next, JSON.stringify({ ...taker, started: '1' }));
    expect(claim().content.insteadOf).to.equal(taker.nonce);
    expect(names()).to.have.length(1);
  });

  it('of a dead owner that another takes over at the last moment is left to that one', () => {
    const dead = leftByDead();
    const another: ClaimContent = { ...dead.content, ...thisThread(), nonce: newNonce() };
    const late: Partial<ClaimWorld> = {
      fateOf: () => {
        writeFileSync(file, JSON.stringify(another));
        return 'dead';
      },
    };
    expect(attempt(late).kind).to.equal('held');
    expect(readClaim(file)?.content).to.deep.equal(asRead(another));
    expect(names()).to.have.length(1);
  });

  it('of a killed process, even one that its parent has not looked after, is dead', async () => {
    const child = spawn('sleep', ['60']);
    await once(child, 'spawn');
    const pid = child.pid ?? 0;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    const owner: Runner = { ...thisThread(), pid, thread: pid, started };
    expect(fateOf(owner)).to.equal('alive');
    expect(fateOf({ ...owner, started: `${started}1` })).to.equal('dead');
    expect(fateOf({ ...owner, thread: pid + 1_000_000 })).to.equal('dead');
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await eventually('its death', () => fateOf(owner) === 'dead');
    await exit;
    expect(fateOf(owner)).to.equal('dead');
  });

  it('of another host or container is not judged by the numbers of this one', () => {
    const me = thisThread();
    expect(fateOf(me)).to.equal('alive');
    expect(fateOf({ ...me, pidNamespace: 'pid:[1]' })).to.equal('unseen');
    expect(fateOf({ ...me, boot: 'another' })).to.equal('rebooted');
    expect(fateOf({ host: me.host, pid: 1 })).to.equal('unseen');
    const bare = { host: me.host, pid: process.pid };
    expect(fateOf(bare, bare)).to.equal('alive');
    expect(fateOf({ ...bare, pid: 2 ** 30 }, bare)).to.equal('dead');
    expect(fateOf({ ...bare, host: 'far' }, bare)).to.equal('unseen');
  });

  it('from before a reboot is dead on a local disk, and on a shared one without signs of life', () => {
    claim(elsewhere);
    expect(attempt({ isShared: () => true }).kind).to.equal('held');
    age(31);
    const taken = attempt({ isShared: () => true });
    expect(taken.kind).to.equal('mine');
    taken.claim.release();
    claim(elsewhere);
    expect(attempt({ isShared: () => false }).kind).to.equal('mine');
  });

  it('from another container is waited for on a local disk, and on a shared one while it gives signs of life', () => {
    claim({ owner: () => ({ ...thisThread(), pidNamespace: 'pid:[1]' }) });
    age(3600);
    expect(attempt({ isShared: () => false }).kind).to.equal('held');
    age(20);
    expect(attempt({ isShared: () => true }).kind).to.equal('held');
    age(31);
    expect(attempt({ isShared: () => true }).kind).to.equal('mine');
  });

  it('gives signs of life in a shared folder, while its thread is busy', async () => {
    const held = claim({ isShared: () => true, beat: 0.02 });
    const before = readFileSync(file, 'utf8');
    age(100);
    const old = statSync(file).mtimeMs;
    const end = Date.now() + 20_000;
    while (statSync(file).mtimeMs === old && Date.now() < end);
    expect(statSync(file).mtimeMs).to.be.greaterThan(old);
    expect(readFileSync(file, 'utf8')).to.equal(before);
    held.release();
    await eventually('the end', () => !existsSync(file));
  });

  it('gives way to what somebody else puts in its place, until that is old', () => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, 'no claim of ours');
    expect(attempt()).to.deep.include({ kind: 'held', by: undefined });
    age(31);
    expect(attempt().kind).to.equal('mine');
  });

  it('is cleared when it is over, and left when it is held', () => {
    const all = (): boolean => true;
    claim();
    expect(clearEntries(place.folder, all)).to.equal(0);
    expect(names()).to.have.length(1);
    rmSync(file);
    claim(elsewhere);
    clearEntries(place.folder, () => false);
    expect(names()).to.have.length(1);
    clearEntries(place.folder, all);
    expect(existsSync(place.folder)).to.equal(false);
  });

  it('is never made twice', () => {
    mkdirSync(dirname(file), { recursive: true });
    const make = (): ClaimContent => ({ nonce: newNonce(), ...thisThread(), since: 0, entry: identity });
    expect(createClaim(file, make())).to.deep.equal(statSync(file).ino);
    expect(createClaim(file, make())).to.equal(undefined);
    expect(names()).to.have.length(1);
  });
});
