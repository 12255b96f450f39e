/** Where the parts of a value are put while it is packed: code, primitives, names and segments. */
import { UncacheableValueError } from '../../base/errors.js';
import { refusedPrimitive, type Refusal } from '../shared/refuse.js';
import { SegmentCollector, type Segment } from './segments.js';
import { stepText, type Step } from '../shared/value-path.js';

/** A value as plain tagged data. */
export interface Packed {
  values: unknown[];
  shapes: string[][];
  /** Segment 0 is the code. */
  segments: Segment[];
}

/** More primitives than this do not fit one JavaScript array of a serialised table. */
const MAX_VALUES = 100_000_000;
/** Lists of names up to this length are looked for among the earlier ones; longer ones are hardly ever repeated. */
const MAX_SHARED_SHAPE = 64;

/** The state of one packing: what the writers of the single kinds write to. */
export class Packer {
  private readonly root: unknown;
  private readonly values: unknown[] = [];
  private readonly shapes: string[][] = [];
  private readonly shapeNumbers = new Map<string, number>();
  private lastShape = 0;
  private code = new Uint32Array(256);
  private length = 0;

  private readonly objects: object[] = [];
  private readonly numberOf = new Map<object, number>();
  // How each object was first reached, for the path in an error.
  private readonly holders: number[] = [];
  private readonly steps: Step[] = [];
  private current = -1;

  readonly segments = new SegmentCollector();
  readonly urls = new UrlLinks();
  private readonly opaques: { pieces: Uint8Array[]; at: number }[] = [];

  constructor(root: unknown) {
    this.root = root;
  }

  /** @param write describes one object */
  pack(write: (packer: Packer, object: object) => void): Packed {
    this.list([this.root], () => '');
    for (this.current = 0; this.current < this.objects.length; this.current++) {
      write(this, this.objects[this.current] as object);
    }
    const segments = this.segments.finish();
    for (const { pieces, at } of this.opaques) {
      this.values[at] = segments.length + 1;
      segments.push(contiguous(pieces));
    }
    const code = this.code.subarray(0, this.length);
    segments.unshift({
      byteLength: code.byteLength,
      pieces: [{ offset: 0, bytes: new Uint8Array(code.buffer, 0, code.byteLength) }],
    });
    return { values: this.values, shapes: this.shapes, segments };
  }

  /** One word of code. */
  word(word: number): void {
    if (this.length === this.code.length) {
      const longer = new Uint32Array(this.length * 2);
      longer.set(this.code);
      this.code = longer;
    }
    this.code[this.length++] = word;
  }

  /** One primitive outside a list. */
  value(primitive: unknown): void {
    if (this.values.push(primitive) > MAX_VALUES) {
      throw new UncacheableValueError(
        'result',
        `made of more than ${MAX_VALUES} single values`,
        'keep numbers in typed arrays, or return the parts from methods of their own',
      );
    }
  }

  /** A view's segment and offset. */
  view(view: { buffer: ArrayBuffer; byteOffset: number; byteLength: number }, align: number): void {
    const at = this.values.length;
    this.value(0);
    this.word(this.segments.range(view, align, this.values, at));
  }

  /** Bytes that no other code holds, as one segment. */
  opaque(pieces: Uint8Array[]): void {
    this.opaques.push({ pieces, at: this.values.length });
    this.value(0);
  }

  /** Property names, as the number of their list. */
  shape(keys: string[]): void {
    const last = this.shapes[this.lastShape];
    if (last === undefined || !sameNames(last, keys)) this.lastShape = this.shapeNumber(keys);
    this.word(this.lastShape);
  }

  /** Items, each a primitive or a reference to an object that is described in its turn. */
  list(items: readonly unknown[], stepTo: (index: number) => Step): void {
    const flagAt = this.length;
    this.word(0);
    let references = 0;
    for (let index = 0; index < items.length; index++) {
      const item = items[index];
      if (typeof item === 'object' && item !== null) {
        if (references++ === 0) for (let before = 0; before < index; before++) this.word(0);
        this.word(this.number(item, stepTo, index) + 1);
      } else {
        const refusal = refusedPrimitive(item);
        if (refusal !== undefined) this.refuse(refusal, stepTo(index));
        this.value(item);
        if (references > 0) this.word(0);
      }
    }
    if (references > 0) this.code[flagAt] = 1;
  }

  /** Gives up on the object at hand, or on what one step leads to from there. */
  refuse({ what, advice, options }: Refusal, step?: Step): never {
    const path = this.pathOf(this.current) + (step === undefined || this.current < 0 ? '' : stepText(step));
    throw new UncacheableValueError(path, what, advice, options);
  }

  private number(object: object, stepTo: (index: number) => Step, index: number): number {
    let number = this.numberOf.get(object);
    if (number === undefined) {
      number = this.objects.push(object) - 1;
      this.numberOf.set(object, number);
      this.holders.push(this.current);
      this.steps.push(stepTo(index));
    }
    return number;
  }

  private shapeNumber(keys: string[]): number {
    if (keys.length > MAX_SHARED_SHAPE) return this.shapes.push(keys) - 1;
    const text = JSON.stringify(keys);
    let number = this.shapeNumbers.get(text);
    if (number === undefined) {
      number = this.shapes.push(keys) - 1;
      this.shapeNumbers.set(text, number);
    }
    return number;
  }

  private pathOf(object: number): string {
    const steps: string[] = [];
    for (let at = object; at >= 0; at = this.holders[at] as number) {
      if ((this.holders[at] as number) >= 0) steps.push(stepText(this.steps[at] as Step));
    }
    return 'result' + steps.reverse().join('');
  }
}

/** Notices a URL and its own `searchParams` in one value, without making parameters for URLs where there are none. */
class UrlLinks {
  private readonly urls: (() => object)[] = [];
  private readonly params = new Set<object>();
  private readonly ofUrls = new Set<object>();

  /** Are the parameters of this URL in the value? */
  addUrl(searchParams: () => object): boolean {
    if (this.params.size === 0) {
      this.urls.push(searchParams);
      return false;
    }
    const own = searchParams();
    this.ofUrls.add(own);
    return this.params.has(own);
  }

  /** Is the URL of these parameters in the value? */
  addParams(params: object): boolean {
    for (const searchParams of this.urls.splice(0)) this.ofUrls.add(searchParams());
    this.params.add(params);
    return this.ofUrls.has(params);
  }
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function contiguous(parts: Uint8Array[]): Segment {
  let offset = 0;
  const pieces = parts.map((bytes) => {
    const piece = { offset, bytes };
    offset += bytes.byteLength;
    return piece;
  });
  return { byteLength: offset, pieces };
}
