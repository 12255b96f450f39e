/** ndarrays and Arrow data on their way into a v8 blob. */
import { encodeArrow } from '../arrow/arrow.js';
import { classNameOf, inheritedData } from '../../key/canonical/own-properties.js';
import { ownData } from '../shared/own-properties.js';
import { MAX_DIMENSIONS, Tag } from './format.js';
import { begin, dataValues, namesOf, noExtras } from './pack-checks.js';
import type { Packer } from './packer.js';
import { refusedSubclass } from '../shared/refuse.js';

/** The brand check reads properties, which must not run a getter; so their descriptors are looked at before. */
export function looksLikeNdArray(object: object): boolean {
  return (
    Object.hasOwn(object, 'data') &&
    typeof ownData(object, 'data') === 'object' &&
    ['shape', 'stride'].every((key) => Array.isArray(inheritedData(object, key))) &&
    typeof inheritedData(object, 'dtype') === 'string' &&
    ['get', 'pick'].every((key) => typeof inheritedData(object, key) === 'function') &&
    isNdArrayOrTrivial(object)
  );
}

/** `ndarray` writes an array without dimensions and without elements as one with `dimension` -1 and no offset. */
function isNdArrayOrTrivial(object: object): boolean {
  return typeof inheritedData(object, 'offset') === 'number' || inheritedData(object, 'dimension') === -1;
}

/** The package makes a class for each dtype and dimension; other classes may look like its own. */
const NDARRAY_CLASS = /^View(?:\d+d|_Nil)\w+$/;

/** The own properties of an ndarray, in the order in which its constructor makes them. */
function ndarrayNames(dimension: number): string[] {
  if (dimension < 0) return ['data'];
  return dimension === 0 ? ['data', 'offset'] : ['data', 'shape', 'stride', 'offset'];
}

/** Describes an array of the `ndarray` package. */
export function writeNdArray(packer: Packer, object: object, prototype: object): void {
  const dimension = ownData(prototype, 'dimension');
  const dtype = ownData(prototype, 'dtype');
  const names = namesOf(packer, object);
  const isOwn = NDARRAY_CLASS.test(classNameOf(prototype)) && typeof dtype === 'string';
  if (!isOwn || typeof dimension !== 'number' || dimension > MAX_DIMENSIONS) {
    return packer.refuse(refusedSubclass(object, 'ndarray'));
  }
  if (names.join() !== ndarrayNames(dimension).join()) {
    noExtras(packer, object, names.filter((name) => !ndarrayNames(dimension).includes(name)).concat('data'), 'ndarray');
    return;
  }
  const level = begin(packer, Tag.ndarray, object);
  packer.value(dtype);
  packer.value(dimension);
  packer.list(dataValues(packer, object, names, level), (index) => names[index] as string);
}

/** Describes Arrow data by its IPC file. */
export function writeArrow(packer: Packer, object: object): void {
  const encoded = encodeArrow(object);
  if ('what' in encoded) return packer.refuse(encoded);
  const { type, chunks } = encoded;
  begin(packer, Tag.arrow, object);
  packer.value(type);
  packer.opaque(chunks);
}
