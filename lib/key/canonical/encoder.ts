/** Canonical bytes of a value, without recursion: depth costs memory, never the stack. */
import { hash } from 'node:crypto';
import { ByteWriter } from './byte-writer.js';
import { type DescribePurpose, describe } from './describe.js';
import { HOLE, Opaque, Plan, Refusal, Tag } from './plan.js';

/** An encoding longer than this is replaced by its SHA-256, so that a shared object costs its users little. */
const LONGEST_INLINE = 256;
/** So many frames are looked through for an object faster than a Set learns of it and forgets it. */
const SHALLOW = 16;
/** Deepest nesting that is followed. */
export const DEEPEST = 100_000;

/** One object that is being taken apart. */
export interface Frame {
  readonly value: object | undefined;
  readonly plan: Plan;
  readonly start: number;
  /** Next item. */
  at: number;
  /** Where each group of items began. */
  readonly groups: number[] | undefined;
  /** How many opaque parts had been written before it. */
  readonly opaques: number;
}

/**
 * Encodes values for one purpose. What an object becomes depends on its content alone, not on where it stands or on
 * whether it is shared: short encodings stand as they are, long ones are digests, remembered for this run.
 */
export class Encoder {
  readonly writer = new ByteWriter();
  /** Encodings known already: of long objects, and of those in cycles. */
  readonly known = new Map<object, Uint8Array>();
  /** Plans made already, kept when there are cycles, so that no `[cacheKey]()` is asked twice. */
  plans: Map<object, Plan> | undefined;
  purpose: DescribePurpose = { ordered: false };
  readonly frames: Frame[] = [];
  /** Was an object met within itself? Then what was written is void, and `cycles.ts` has the way out. */
  cyclic = false;
  /** Objects being taken apart below the outermost frames, which are looked through. */
  private readonly deep = new Set<object>();
  /** Opaque parts written so far. */
  private opaques = 0;

  reset(purpose: DescribePurpose): void {
    this.purpose = purpose;
    this.writer.reset();
    if (this.frames.length > 0) this.frames.length = 0;
    if (this.deep.size > 0) this.deep.clear();
    if (this.known.size > 0) this.known.clear();
    this.plans = undefined;
    this.cyclic = false;
    this.opaques = 0;
  }

  /** Writes the encoding of a plan, which itself is never replaced by a digest. */
  encode(plan: Plan): void {
    const { frames, writer } = this;
    const bottom = frames.length;
    this.open(undefined, plan);
    for (let frame = frames.at(-1); frame !== undefined && frames.length > bottom; frame = frames.at(-1)) {
      const { items, groupSize, ofValues } = frame.plan;
      let inner = false;
      while (frame.at < items.length && !inner) {
        if (groupSize > 0 && frame.at % groupSize === 0) frame.groups?.push(writer.length);
        const item = items[frame.at++];
        inner = !this.leaf(item) && (ofValues ? this.enterValue(item as object) : this.enter(item as object));
      }
      if (!inner) this.close(frame, frames.length > bottom + 1);
    }
  }

  planOf(value: object): Plan {
    const planned = this.plans?.get(value);
    if (planned !== undefined) return planned;
    const plan = describe(value, this.purpose);
    this.plans?.set(value, plan);
    return plan;
  }

  /** Writes a value without parts; answers false for a value with parts. */
  private leaf(item: unknown): boolean {
    const { writer } = this;
    switch (typeof item) {
      case 'number':
        if (Number.isNaN(item)) {
          writer.byte(Tag.nan);
        } else {
          writer.byte(Tag.number);
          writer.float64(item);
        }
        return true;
      case 'string':
        this.text(item);
        return true;
      case 'boolean':
        writer.byte(item ? Tag.true : Tag.false);
        return true;
      case 'undefined':
        writer.byte(Tag.undefined);
        return true;
      case 'bigint':
        writer.byte(Tag.bigint);
        writer.text(item.toString(16), 'utf8');
        return true;
      case 'symbol':
        if (item !== HOLE) throw new Refusal('a symbol');
        writer.byte(Tag.hole);
        return true;
      default:
        if (item !== null) return false;
        writer.byte(Tag.null);
        return true;
    }
  }

  private text(text: string): void {
    const { writer } = this;
    const start = writer.length;
    writer.byte(Tag.string);
    if (writer.shortAscii(text)) return;
    if (/\p{Surrogate}/u.test(text)) {
      writer.length = start;
      writer.byte(Tag.string16);
      writer.text(text, 'utf16le');
    } else {
      writer.text(text, 'utf8');
    }
  }

  /** Begins an object with parts; answers false where its encoding is complete already. */
  private enter(item: object): boolean {
    if (Opaque.is(item)) {
      item.writeTo(this.writer);
      this.opaques++;
      return false;
    }
    if (Plan.is(item)) {
      this.open(undefined, item);
      return true;
    }
    return this.enterValue(item);
  }

  private enterValue(item: object): boolean {
    const known = this.known.size > 0 ? this.known.get(item) : undefined;
    if (known !== undefined) {
      this.writer.raw(known);
      return false;
    }
    if (this.isOpen(item)) {
      this.cyclic = true;
      return false;
    }
    if (this.frames.length > DEEPEST) throw new Refusal(`nested more than ${DEEPEST} levels deep`);
    const plan = this.planOf(item);
    if (this.frames.length >= SHALLOW) this.deep.add(item);
    this.open(item, plan);
    return true;
  }

  private isOpen(item: object): boolean {
    const { frames } = this;
    for (let i = Math.min(frames.length, SHALLOW) - 1; i >= 0; i--) if (frames[i]?.value === item) return true;
    return this.deep.size > 0 && this.deep.has(item);
  }

  private open(value: object | undefined, plan: Plan): void {
    const { writer, opaques } = this;
    this.frames.push({
      value,
      plan,
      start: writer.length,
      at: 0,
      groups: plan.groupSize > 0 ? [] : undefined,
      opaques,
    });
    writer.byte(plan.tag);
    writer.count(plan.items.length);
  }

  private close(frame: Frame, shorten: boolean): void {
    this.frames.pop();
    if (frame.groups !== undefined && frame.groups.length > 1) this.sortGroups(frame.groups);
    const { value, start } = frame;
    if (value !== undefined && this.frames.length >= SHALLOW) this.deep.delete(value);
    if (!shorten) return;
    const { writer } = this;
    const isLong = writer.length - start > LONGEST_INLINE;
    if (isLong) {
      // As text: `hash` takes several times as long to make a Buffer.
      const digest = hash('sha256', writer.since(start), 'binary');
      writer.length = start;
      writer.byte(Tag.digest);
      writer.latin1(digest);
    }
    // To write it again would cost what it did, save where it is short and of values alone.
    if (value !== undefined && (isLong || this.opaques > frame.opaques)) this.known.set(value, writer.copySince(start));
  }

  /** Puts the last groups of bytes into the order of their bytes. */
  private sortGroups(starts: readonly number[]): void {
    const { writer } = this;
    const first = starts[0] as number;
    const bytes = Buffer.from(writer.since(first));
    const groups = starts.map((start, i) => bytes.subarray(start - first, (starts[i + 1] ?? writer.length) - first));
    groups.sort((one, other) => Buffer.compare(one, other));
    writer.length = first;
    for (const group of groups) writer.raw(group);
  }
}
