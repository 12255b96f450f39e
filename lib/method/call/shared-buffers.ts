/**
 * Which bytes of which buffers a value lives in, so that two results in memory never share any: a method that fills one
 * array again and again would change results that were handed out before.
 */
import { isAnyArrayBuffer, isMap, isSet } from 'node:util/types';
import { hasSeenPerishing, libraryClassOf } from '../../library/recognise.js';

/** A stretch of a buffer. */
export interface Region {
  buffer: ArrayBufferLike;
  start: number;
  end: number;
}

/** The regions of everything inside a value. Primitives and text have none. */
export function regionsOf(value: unknown): Region[] {
  const regions: Region[] = [];
  for (const part of partsIn(value)) {
    if (ArrayBuffer.isView(part)) {
      if (part.byteLength > 0)
        regions.push({ buffer: part.buffer, start: part.byteOffset, end: part.byteOffset + part.byteLength });
    } else if (isAnyArrayBuffer(part)) {
      regions.push({ buffer: part, start: 0, end: part.byteLength });
    }
  }
  return regions;
}

/** Is there anything inside a value that who gets it may empty, as a tensor is disposed of? */
export function holdsPerishing(value: unknown): boolean {
  if (!hasSeenPerishing()) return false;
  for (const part of partsIn(value)) if (libraryClassOf(part)?.adapter.perishes === true) return true;
  return false;
}

/** The value and each object inside it, once. */
function* partsIn(value: unknown): Generator<object> {
  const seen = new Set<object>();
  const queue: unknown[] = [value];
  for (let part = queue.pop(); part !== undefined || queue.length > 0; part = queue.pop()) {
    if (typeof part !== 'object' || part === null || seen.has(part)) continue;
    seen.add(part);
    yield part;
    if (ArrayBuffer.isView(part) || isAnyArrayBuffer(part)) continue;
    if (isMap(part)) {
      for (const [key, held] of part) queue.push(key, held);
    } else if (isSet(part)) {
      // Not spread: a large set would be more arguments than a call can have.
      for (const held of part) queue.push(held);
    } else {
      // The array of an ndarray is its field `data`. A getter is not asked, whatever a codec of the user's own takes.
      for (const name of Object.keys(part)) queue.push(Reflect.getOwnPropertyDescriptor(part, name)?.value);
    }
  }
}

interface Claim<Owner extends object> {
  owner: WeakRef<Owner>;
  start: number;
  end: number;
}

/** Who lives where. Neither buffers nor owners are kept alive. */
export class RegionRegister<Owner extends object> {
  private readonly claims = new WeakMap<ArrayBufferLike, Claim<Owner>[]>();

  /** Owners, other than `except`, of bytes that these regions share. */
  sharing(regions: readonly Region[], except: Owner): Owner[] {
    const owners = new Set<Owner>();
    for (const { buffer, start, end } of regions) {
      for (const claim of this.claims.get(buffer) ?? []) {
        const owner = claim.owner.deref();
        if (owner !== undefined && owner !== except && claim.start < end && start < claim.end) owners.add(owner);
      }
    }
    return [...owners];
  }

  enter(regions: readonly Region[], owner: Owner): void {
    for (const { buffer, start, end } of regions) {
      const claims = (this.claims.get(buffer) ?? []).filter((claim) => claim.owner.deref() !== undefined);
      claims.push({ owner: new WeakRef(owner), start, end });
      this.claims.set(buffer, claims);
    }
  }
}
