/**
 * Claims in the remote itself: an object that is there while one host computes, and changes now and then as a sign of life. It
 * takes a server with conditional writes.
 */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { textBytes } from '../../base/text/text-bytes.js';
import type { Asking, Backend } from '../contract/backend.js';
import type { HostClaims, Tried } from '../contract/host-claims.js';
import { CLAIMS } from '../contract/layout.js';
import { OwnerWatch } from './owner-watch.js';

/** Seconds from one sign of life to the next. */
const BEAT = 20;

/** What a claim says is no longer. */
const LONGEST_CLAIM = 1024;

export class BucketClaims implements HostClaims {
  /** What tells those that are held from all others, by their names. */
  private readonly held = new Map<string, string>();
  /** The owners of those that others hold. */
  private readonly owners = new Map<string, OwnerWatch>();
  private timer: NodeJS.Timeout | undefined;

  /** @param clock seconds, on a clock that never goes back */
  constructor(
    private readonly backend: Backend,
    private readonly clock?: () => number,
  ) {}

  async claim(identity: string, asking: Asking): Promise<Tried> {
    const name = nameOf(identity);
    const nonce = randomBytes(8).toString('hex');
    if (await this.put(name, nonce, true, asking)) return OURS;
    const sign = await this.signOf(name, asking);
    let owner = this.owners.get(name);
    if (owner === undefined) this.owners.set(name, (owner = new OwnerWatch(this.clock)));
    if (!owner.isDead(sign)) return { isOurs: false, owner: sign, mayBeThere: true };
    await this.put(name, nonce, false, asking);
    return OURS;
  }

  async isStillOurs(identity: string, asking: Asking): Promise<boolean> {
    const name = nameOf(identity);
    return this.isNonce(name, this.held.get(name), asking);
  }

  async release(identity: string, asking: Asking): Promise<void> {
    const name = nameOf(identity);
    const nonce = this.held.get(name);
    this.held.delete(name);
    if (this.held.size === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
    }
    if (await this.isNonce(name, nonce, asking)) await this.backend.delete(name, asking);
  }

  private async put(name: string, nonce: string, ifAbsent: boolean, asking: Asking): Promise<boolean> {
    if (!(await this.backend.put(name, sign(nonce), { ifAbsent, ...asking }))) return false;
    this.owners.delete(name);
    this.held.set(name, nonce);
    this.timer ??= setInterval(() => {
      // The next one may come through.
      for (const each of this.held.keys()) this.beat(each).catch(() => undefined);
    }, BEAT * 1000).unref();
    return true;
  }

  /** Without a sign of life, another computes as well; what that one holds is left to it. */
  private async beat(name: string): Promise<void> {
    const nonce = this.held.get(name);
    if (nonce !== undefined && (await this.isNonce(name, nonce, {}))) await this.backend.put(name, sign(nonce));
  }

  private async isNonce(name: string, nonce: string | undefined, asking: Asking): Promise<boolean> {
    return nonce !== undefined && (await this.signOf(name, asking)).includes(nonce);
  }

  /** The latest of the owner's signs of life. */
  private async signOf(name: string, asking: Asking): Promise<string> {
    const there = await this.backend.get(name, LONGEST_CLAIM, asking);
    return there === undefined ? '' : Buffer.from(there).toString('latin1');
  }
}

const OURS: Tried = { isOurs: true, owner: '', mayBeThere: true };

function nameOf(identity: string): string {
  return CLAIMS + identity;
}

let beats = 0;

/** Another one each time. */
function sign(nonce: string): Uint8Array {
  return textBytes(JSON.stringify({ host: hostname(), pid: process.pid, nonce, beat: ++beats }));
}
