/** What an object holds, in turn, for a writer that does not call itself however deep a value is. */
import type { OpList } from './op-list.js';
import { Op } from '../opcodes.js';

/** All parts have been given. */
export const END = Symbol('end');

/** Parts of an object. What belongs between them is written while they are asked for. */
export interface Parts {
  /** The next part, or {@link END}. */
  next(): unknown;
}

/** Items of a container that go to the stack before they are put into it. */
const BATCH = 1000;

/** How the items of a container are put into it. */
export interface Put {
  /** Puts one item, in protocol 0 and where there is one alone. */
  readonly one?: number;
  /** Puts all since the mark. */
  readonly many: number;
  /** Values of an item: 2 for key and value. */
  readonly width: 1 | 2;
  /** 1 where CPython ends a number of full batches with an empty one, 0 where it does not. */
  readonly beyondLast: 0 | 1;
}

/** The items of a list, a dict or a set. */
export class Batches implements Parts {
  private at = 0;
  /** Where the batch at hand ends, and the next begins. */
  private end = 0;
  private start = 0;
  private isWithin = false;
  private readonly op: number;
  private readonly isMarked: boolean;
  private readonly size: number;
  /** Where no batch begins any more. */
  private readonly limit: number;

  constructor(
    private readonly ops: OpList,
    private readonly items: readonly unknown[],
    protocol: number,
    { one, many, width, beyondLast }: Put,
  ) {
    const isSingle = one !== undefined && (protocol === 0 || items.length === width);
    this.isMarked = !isSingle;
    this.op = isSingle ? one : many;
    this.size = isSingle ? width : BATCH * width;
    this.limit = isSingle || items.length === 0 ? items.length : items.length + beyondLast;
  }

  next(): unknown {
    while (this.at >= this.end) {
      if (this.isWithin) this.ops.add(this.op);
      this.isWithin = this.begin();
      if (!this.isWithin) return END;
    }
    return this.items[this.at++];
  }

  private begin(): boolean {
    if (this.start >= this.limit) return false;
    if (this.isMarked) this.ops.add(Op.MARK);
    this.at = this.start;
    this.start += this.size;
    this.end = Math.min(this.start, this.items.length);
    return true;
  }
}

/** The items of a tuple, and what is to be written behind them. */
export class Items implements Parts {
  private at = 0;

  constructor(
    private readonly items: readonly unknown[],
    private readonly finish: () => void,
  ) {}

  next(): unknown {
    if (this.at < this.items.length) return this.items[this.at++];
    this.finish();
    return END;
  }
}

/** Parts of what is rare. */
export class Steps implements Parts {
  constructor(private readonly steps: Generator<unknown, void, void>) {}

  next(): unknown {
    const { done, value } = this.steps.next();
    return done === true ? END : value;
  }
}
