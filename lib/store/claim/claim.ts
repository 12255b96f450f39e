/**
 * The right to compute one entry, held by one call at a time. Claims save work; no result is right or wrong because of
 * one. A claim is a file beside the entry; a call that finds it there waits for as long as its owner lives.
 */
import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { now, stopwatch } from '../../base/clock.js';
import { isStackOverflow } from '../../base/run/stack-overflow.js';
import { fateOf, type Fate } from '../../base/run/liveness.js';
import { isErrno, removeFile, temporaryName } from '../../base/files/files.js';
import {
  claimFileOf,
  createClaim,
  newNonce,
  readClaim,
  removeDeadClaim,
  removeOwnClaim,
  rewriteClaim,
  type ClaimContent,
  type FoundClaim,
} from './claim-file.js';
import { Heartbeat } from './claim-heartbeat.js';
import { leaveMarker } from './claim-markers.js';
import { thisOwner, type Owner } from './claim-owner.js';
import { makeFolder } from '../entry/folder.js';
import type { Place } from '../entry/place.js';
import type { Identity } from '../record/identity.js';
import { isSharedFolder } from './shared-file-system.js';

/** What an attempt to claim came to. `free`: compute without one, since one that was waited for gave up. */
export type Attempt =
  { kind: 'mine'; claim: Claim } | { kind: 'held'; by: ClaimContent | undefined } | { kind: 'free' };

export interface AttemptOptions {
  /** Nonces of the claims that this call has waited for. */
  waitedFor: ReadonlySet<string>;
}

/** What claims ask of the world around them. */
export interface ClaimWorld {
  owner: () => Owner;
  fateOf: (owner: Owner) => Fate;
  /** May other hosts see the folder? Only there claims give signs of life, and are taken for dead without one. */
  isShared: (folder: string) => boolean;
  /** Seconds from one sign of life to the next. @defaultValue 5 */
  beat: number;
  /** Seconds without a sign of life after which an owner that cannot be looked for is dead. @defaultValue 30 */
  staleAfter: number;
}

const realWorld: ClaimWorld = { owner: thisOwner, fateOf, isShared: isSharedFolder, beat: 5, staleAfter: 30 };

/** How often a claim that vanishes is tried again at once. */
const attempts = 8;

/** How many of those who gave up a claim remembers. */
const remembered = 16;

/** A claim that is held. */
export class Claim {
  constructor(
    readonly file: string,
    readonly content: ClaimContent,
    private readonly heartbeat: Heartbeat | undefined,
  ) {}

  /** Says whom its owner waits for, so that a circle of processes can be seen. A disk that refuses is no fault here. */
  announce(waitsFor: { nonce: string; file: string }[]): void {
    this.content.waitsFor = waitsFor;
    quietly(() => rewriteClaim(this.file, this.content));
  }

  /** Lets go. With a result on disk, who waits loads it; without one, all who wait compute at once. */
  release(isStored: boolean): void {
    const { file, content } = this;
    this.heartbeat?.remove(file);
    quietly(() => {
      if (isStored) removeOwnClaim(file, content.nonce);
      else leaveMarker(file, content);
    });
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

  /** Tries to claim an entry, once. File system errors are thrown. */
  attempt(place: Place, identity: Identity, options: AttemptOptions): Attempt {
    const file = claimFileOf(place);
    const { waitedFor } = options;
    let after: string[] = [];
    let by: ClaimContent | undefined;
    let wasThere = false;
    for (let attempt = 0; attempt < attempts; attempt++) {
      const found = readClaim(file);
      wasThere ||= found !== undefined;
      if (found === undefined) {
        const claim = this.create(file, place, identity, after);
        if (claim !== undefined) return { kind: 'mine', claim };
        continue;
      }
      by = found.content;
      const gaveUp = by === undefined ? [] : [...(by.released === true ? [by.nonce] : []), ...by.after];
      if (gaveUp.some((nonce) => waitedFor.has(nonce))) return { kind: 'free' };
      if (by?.released !== true && !this.isDead(file, found)) break;
      after = gaveUp.slice(0, remembered);
      removeDeadClaim(file, found, stopwatch());
    }
    // What can neither be read nor made, ever, is a folder, for example: no claim.
    return wasThere ? { kind: 'held', by } : { kind: 'free' };
  }

  private create(file: string, place: Place, entry: Identity, after: string[]): Claim | undefined {
    const content: ClaimContent = { nonce: newNonce(), ...this.world.owner(), since: now(), entry, after };
    try {
      if (!createClaim(file, content)) return undefined;
    } catch (error) {
      if (!isErrno(error, 'ENOENT')) throw error;
      // The next attempt finds the folder.
      makeFolder(place.folder, dirname(file));
      return undefined;
    }
    const heartbeat = this.world.isShared(place.folder) ? this.heartbeat : undefined;
    heartbeat?.add(file);
    return new Claim(file, content, heartbeat);
  }

  /** Will it never be released? */
  isDead(file: string, found: FoundClaim): boolean {
    const folder = dirname(file);
    // What another program put here, or a claim in the moment of its making on a file system without links.
    if (found.content === undefined) return this.isStale(file);
    switch (this.world.fateOf(found.content)) {
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

  /** Is the owner a thread that can be seen from here, and lives? */
  isSeenAlive(owner: Owner): boolean {
    return this.world.fateOf(owner) === 'alive';
  }

  private isStale(file: string): boolean {
    const stat = fs.lstatSync(file, { throwIfNoEntry: false });
    return stat !== undefined && this.timeIn(dirname(file)) - stat.mtimeMs / 1000 > this.world.staleAfter;
  }

  /** Seconds since the epoch by the clock that stamps the folder's files, which may be a server's. */
  private timeIn(folder: string): number {
    let clock = this.clocks.get(folder);
    if (clock === undefined || stopwatch() - clock.at > 60) {
      const probe = temporaryName(`${folder}/claim`);
      fs.writeFileSync(probe, 'What time is it here?', { flag: 'wx', mode: 0o600 });
      try {
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

function quietly(action: () => unknown): void {
  try {
    action();
  } catch (error) {
    // For want of stack, the call that ran out of it lets go later.
    if (isStackOverflow(error)) throw error;
    // What stays is taken over once its owner is dead.
  }
}
