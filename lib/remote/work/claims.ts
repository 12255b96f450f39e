/**
 * The right to compute a result that takes long, among all hosts: an object that is there while one computes, and changes now and
 * then as a sign of life. Nothing is right because of it: where it is lost, or doubled, two compute the same.
 */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Asking, Backend } from '../contract/backend.js';
import { CLAIMS } from '../contract/layout.js';

/** Seconds from one sign of life to the next. */
const BEAT = 20;

/** What a claim says is no longer. */
const LONGEST_CLAIM = 1024;

/** What a try to claim came to: the claim, or the latest sign of life of the one who has it. */
export type Tried = { isOurs: true } | { isOurs: false; sign: string };

export class RemoteClaims {
  private readonly held = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly backend: Backend) {}

  /** @param takesOver whoever has it is dead */
  async claim(identity: string, takesOver: boolean, asking: Asking): Promise<Tried> {
    const name = nameOf(identity);
    if (await this.backend.put(name, sign(), { ifAbsent: !takesOver, ...asking })) {
      this.held.add(name);
      this.timer ??= setInterval(() => {
        this.beat();
      }, BEAT * 1000).unref();
      return { isOurs: true };
    }
    const there = await this.backend.get(name, LONGEST_CLAIM, asking);
    return { isOurs: false, sign: there === undefined ? '' : Buffer.from(there).toString('latin1') };
  }

  async release(identity: string): Promise<void> {
    const name = nameOf(identity);
    if (this.held.delete(name)) await this.backend.delete(name);
    if (this.held.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private beat(): void {
    for (const name of this.held) {
      // Without a sign of life, another computes as well.
      this.backend.put(name, sign()).catch(() => undefined);
    }
  }
}

function nameOf(identity: string): string {
  return CLAIMS + identity;
}

/** Another one each time. */
function sign(): Uint8Array {
  return Buffer.from(JSON.stringify({ host: hostname(), pid: process.pid, nonce: randomBytes(8).toString('hex') }));
}
