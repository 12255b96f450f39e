/** Array buffers and their views on the way into a v8 blob. */
import { types } from 'node:util';
import { typedArrayKind } from '../../key/canonical/gather.js';
import { beyondElements } from '../shared/bare-array.js';
import { begin, expectClass, namesOf, noExtras } from './pack-checks.js';
import { Tag, VIEWS } from './format.js';
import type { Packer } from './packer.js';
import { refusedSubclass } from '../shared/refuse.js';

/** A buffer whose bytes can be copied and whose length stays. */
function expectOrdinaryBuffer(packer: Packer, buffer: ArrayBufferLike): asserts buffer is ArrayBuffer {
  const advice = 'return a copy in an ordinary ArrayBuffer';
  if (types.isSharedArrayBuffer(buffer)) packer.refuse({ what: 'a view of a SharedArrayBuffer', advice });
  const { resizable, immutable, detached } = buffer as ArrayBuffer & {
    resizable?: boolean;
    immutable?: boolean;
    detached?: boolean;
  };
  if (resizable === true) packer.refuse({ what: 'a resizable ArrayBuffer', advice });
  if (immutable === true) packer.refuse({ what: 'an immutable ArrayBuffer', advice });
  if (detached === true || isDetached(buffer)) {
    packer.refuse({ what: 'a detached ArrayBuffer', advice: 'return it before its bytes are transferred' });
  }
}

function isDetached(buffer: ArrayBuffer): boolean {
  if (buffer.byteLength > 0) return false;
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}

/** Describes a buffer that is itself part of the value. */
export function writeArrayBuffer(packer: Packer, object: object, prototype: object | null): void {
  expectClass(packer, object, prototype, ArrayBuffer.prototype, 'ArrayBuffer');
  noExtras(packer, object, namesOf(packer, object), 'ArrayBuffer');
  const buffer = object as ArrayBuffer;
  expectOrdinaryBuffer(packer, buffer);
  begin(packer, Tag.arrayBuffer, object);
  packer.word(packer.segments.whole(buffer));
}

/** Getters of views, which an own property of the same name cannot hide. */
const viewGetters = [Object.getPrototypeOf(Uint8Array.prototype) as object, DataView.prototype].map((prototype) => {
  const get = <T>(name: string): ((view: object) => T) => {
    const getter = Object.getOwnPropertyDescriptor(prototype, name)?.get as (this: object) => T;
    return (view) => getter.call(view);
  };
  return {
    buffer: get<ArrayBufferLike>('buffer'),
    byteOffset: get<number>('byteOffset'),
    byteLength: get<number>('byteLength'),
  };
});

/** Of buffers behind views. Under Jest the global class is another one than the class of the buffers that views make. */
const BUFFER_PROTOTYPES = [ArrayBuffer.prototype, Object.getPrototypeOf(new Int8Array(0).buffer) as object];

/** Describes a typed array, a Buffer or a DataView. */
export function writeView(packer: Packer, object: object, prototype: object | null): void {
  const known = [...VIEWS].find(([, view]) => view.prototype === prototype);
  // The engine's name of the kind: a prototype may be of another.
  const kind = typedArrayKind(object) ?? 'DataView';
  if (known === undefined || kind !== (known[0] === 'Buffer' ? 'Uint8Array' : known[0])) {
    return packer.refuse(refusedSubclass(object, 'typed array'));
  }
  const [name, { align }] = known;
  const getters = viewGetters[types.isTypedArray(object) ? 0 : 1] as (typeof viewGetters)[number];
  const buffer = getters.buffer(object);
  expectOrdinaryBuffer(packer, buffer);
  if (!BUFFER_PROTOTYPES.includes(Object.getPrototypeOf(buffer) as object))
    packer.refuse(refusedSubclass(buffer, 'ArrayBuffer'));
  const byteLength = getters.byteLength(object);
  if (addsProperties(object, byteLength / align)) {
    noExtras(
      packer,
      object,
      namesOf(packer, object).filter((key) => String(Number(key)) !== key),
      name,
    );
  }
  begin(packer, Tag.view, object);
  packer.value(name);
  packer.value(byteLength / align);
  packer.view({ buffer, byteOffset: getters.byteOffset(object), byteLength }, align);
}

/**
 * Asking the engine for the properties beside the elements has a price of its own, so few elements are simply listed.
 */
const LISTED = 64;

function addsProperties(view: object, length: number): boolean {
  if (!types.isTypedArray(view)) return Reflect.ownKeys(view).length > 0;
  if (length <= LISTED) return Reflect.ownKeys(view).length > length;
  return beyondElements(view) !== undefined;
}
