import { cacheOnDisk } from 'stowage';

/** Called with the analyzer as `this`. */
function isNow(this: unknown): boolean {
  return (this as Replaced).refresh.now;
}

/** Results that are all of one number, so that a mixed one shows; lengths that change with it. */
export class Replaced {
  readonly refresh = { now: false, filling: 0 };

  @cacheOnDisk({ durable: false, refresh: isNow })
  array(): Uint8Array {
    return new Uint8Array(1000 + this.refresh.filling).fill(this.refresh.filling);
  }

  @cacheOnDisk({ durable: false, refresh: isNow })
  blob(): Map<number, number[]> {
    const { filling } = this.refresh;
    return new Map([[filling, Array<number>(500).fill(filling)]]);
  }
}
