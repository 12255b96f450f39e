import { cacheOnDisk } from 'stowage';

/** A result that is replaced again and again, by an array of one number. */
export class Replaced {
  static number = 0;
  static refresh = false;

  @cacheOnDisk({ durable: false, refresh: () => Replaced.refresh })
  value(): Float64Array {
    return new Float64Array(1000 + (Replaced.number % 50)).fill(Replaced.number);
  }
}
