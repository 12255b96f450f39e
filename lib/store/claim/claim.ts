/**
 * The right to compute one entry, held by one call at a time. Claims save work; no result is right or wrong because of
 * one. A claim is a file beside the entry; a call that finds it there waits for as long as its owner lives.
 */
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { now, stopwatch } from '../../base/clock.js';
import { isStackOverflow } from '../../base/run/stack-overflow.js';
import { fateOf, thisThread, type Fate, type Runner } from '../../base/run/liveness.js';
import { removeFile, temporaryName } from '../../base/files/files.js';
import { writeNewFile, type Around } from '../../base/files/new-file.js';
import { isSharedFolder } from '../../base/files/shared-folder.js';
import {
  claimFileOf,
  createClaim,
  newNonce,
  readClaim,
  removeClaim,
  rewriteClaim,
  successorOf,
  type ClaimContent,
  type FoundClaim,
  type WaitedFor,
} from './claim-file.js';
import { Heartbeat } from './claim-heartbeat.js';
import { makeFolder } from '../disk/folder.js';
import type { Place } from '../disk/place.js';
import type { Identity } from '../record/identity.js';

/** What an attempt to claim came to. `free`: there can be no claim, so compute without one. */
export type Attempt = { kind: 'mine' } | { kind: 'held'; by: ClaimContent | undefined } | { kind: 'free' };

/** What claims ask of the world around them. */
export interface ClaimWorld {
  owner: () => Runner;
  fateOf: (owner: Runner) => Fate;
  /** May other hosts see the folder? Only there claims give signs of life, and are taken for dead without one. */
  isShared: (folder: string) => boolean;
  /** Seconds from one sign of life to the next. @defaultValue 5 */
  beat: number;
  /** Seconds without a sign of life after which an owner that cannot be looked for is dead. @defaultValue 30 */
  staleAfter: number;
}

const realWorld: ClaimWorld = { owner: thisThread, fateOf, isShared: isSharedFolder, beat: 5, staleAfter: 30 };

/** A claim, held or wanted. */
export class Claim {
  /** Is it held, or may be, since the call was cut off by the end of the stack while it made it? */
  isHeld = false;
  /** The number of its file. */
  private number: number | undefined;

  constructor(
    /** The tag's folder. */
    readonly folder: string,
    readonly file: string,
    readonly content: ClaimContent,
    private readonly heartbeat: Heartbeat,
  ) {}

  /** Makes it at a path, which is that of its file, or of the claim that is to come there. */
  makeAt(path: string, around: Around, insteadOf?: string): boolean {
    Object.assign(this.content, { since: now(), insteadOf });
    this.isHeld = true;
    this.number = undefined;
    this.number = createClaim(path, this.content, around);
    return (this.isHeld = this.number !== undefined);
  }

  /** Removes it from a path, if it is there. */
  removeAt(path: string): void {
    removeClaim(path, this.number, this.content.nonce);
  }

  /** Says whom its owner waits for, so that a circle of processes can be seen. A disk that refuses is no fault here. */
  announce(waitsFor: WaitedFor[]): void {
    this.content.waitsFor = waitsFor;
    quietly(() => {
      this.number = rewriteClaim(this.file, this.content);
    });
  }

  /** Lets go, if it is held. Who waited loads the result, or, where there is none, computes. */
  release(): void {
    if (!this.isHeld) return;
    this.heartbeat.remove(this.file);
    quietly(() => {
      this.removeAt(this.file);
    });
    this.isHeld = false;
  }
}

/** Claims of one world. */
export class Claims {
  private readonly world: ClaimWorld;
  private readonly heartbeat: Heartbeat;
  private readonly clocks = new Map<string, { ahead: number; at: number }>();

  constructor(world: Partial<ClaimWorld> = {}) {
    this.world = { ...realWorld, ...world };
    this.heartbeat = new Heartbeat(this.world.beat);
  }

  /** A claim on an entry, which is not held yet. */
  draft(place: Place, identity: Identity): Claim {
    return this.draftAt(place.folder, claimFileOf(place), identity);
  }

  private draftAt(folder: string, file: string, entry: Identity): Claim {
    return new Claim(folder, file, { nonce: newNonce(), ...this.world.owner(), since: 0, entry }, this.heartbeat);
  }

  /** Tries to get it, once. File system errors are thrown. */
  attempt(claim: Claim): Attempt {
    const attempt = this.attemptAt(claim.file, claim, makeFolder(claim.folder, dirname(claim.file)));
    if (attempt.kind === 'mine' && this.world.isShared(claim.folder)) this.heartbeat.add(claim.file);
    return attempt;
  }

  private attemptAt(file: string, claim: Claim, around: Around, insteadOf?: string): Attempt {
    if (claim.makeAt(file, around, insteadOf)) return { kind: 'mine' };
    const found = readClaim(file);
    // What can neither be read nor made is a folder, for example.
    if (found === undefined) return fs.existsSync(file) ? { kind: 'free' } : { kind: 'held', by: undefined };
    const held: Attempt = { kind: 'held', by: found.content };
    if (!this.isDead(file, found)) return held;
    // Who may take the place of a dead claim has claimed that: one at a time, and one that dies over it is dead as well.
    const next = successorOf(file, found);
    if (this.attemptAt(next, claim, around, found.id).kind !== 'mine') return held;
    try {
      // Another may have been there first.
      claim.isHeld = readClaim(file)?.id === found.id;
      if (!claim.isHeld) return held;
      fs.renameSync(next, file);
      return { kind: 'mine' };
    } finally {
      claim.removeAt(next);
    }
  }

  /** Does the file of this name belong to an owner that will never release it? */
  isAbandoned(path: string): boolean {
    const found = path.endsWith('.claim') ? readClaim(path) : undefined;
    return found?.content !== undefined && this.isDead(path, found);
  }

  /** Removes a claim that is abandoned, and on an entry that `matches` picks: by taking it over. */
  clear(path: string, matches: (identity: Identity) => boolean): boolean {
    const content = path.endsWith('.claim') ? readClaim(path)?.content : undefined;
    if (content === undefined || !matches(content.entry)) return false;
    const claim = this.draftAt(dirname(path), path, content.entry);
    const isMine = this.attempt(claim).kind === 'mine';
    claim.release();
    return isMine;
  }

  /** Will it never be released? */
  private isDead(file: string, { content }: FoundClaim): boolean {
    const folder = dirname(file);
    // What another program put here, or a claim in the moment of its making on a file system without links.
    if (content === undefined) return this.isStale(file);
    switch (this.world.fateOf(content)) {
      case 'alive':
        return false;
      case 'dead':
        return true;
      case 'rebooted':
        // One kernel at a time has a local file system: the one that ran the owner is gone.
        return !this.world.isShared(folder) || this.isStale(file);
      case 'unseen':
        return this.world.isShared(folder) && this.isStale(file);
    }
  }

  private isStale(file: string): boolean {
    const stat = fs.lstatSync(file, { throwIfNoEntry: false });
    return stat !== undefined && this.timeIn(dirname(file)) - stat.mtimeMs / 1000 > this.world.staleAfter;
  }

  /** Seconds since the epoch by the clock that stamps the folder's files, which may be a server's. */
  private timeIn(folder: string): number {
    let clock = this.clocks.get(folder);
    if (clock === undefined || stopwatch() - clock.at > 60) {
      const probe = temporaryName(join(folder, 'claim'));
      try {
        writeNewFile(probe, 'What time is it here?');
        clock = { ahead: fs.lstatSync(probe).mtimeMs / 1000 - now(), at: stopwatch() };
      } finally {
        removeFile(probe);
      }
      this.clocks.set(folder, clock);
    }
    return now() + clock.ahead;
  }
}

/** The claims of the process. */
export const claims = new Claims();

function quietly(action: () => void): void {
  try {
    action();
  } catch (error) {
    // For want of stack, the call that ran out of it lets go later.
    if (isStackOverflow(error)) throw error;
    // What stays is taken over once its owner is dead.
  }
}
