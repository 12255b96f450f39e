/**
 * Which copy of apache-arrow to use: the package comes as ES modules and as CommonJS, which are two copies in one
 * process, and the writer and the reader of one do not know the tables of the other.
 */
import type * as Arrow from 'apache-arrow';
import { isRequired, load, loadImported } from '../../base/packages/optional.js';
import { inheritedData } from '../../key/canonical/own-properties.js';

export type ArrowPackage = typeof Arrow;

const NAME = 'apache-arrow';

/** The copy of the package whose class a value has; for a value of a third copy, the copy that would read it. */
export function packageOf(value: object, type: 'Table' | 'RecordBatch' | 'Vector'): ArrowPackage {
  const Class = inheritedData(value, 'constructor');
  const imported = loadImported<ArrowPackage>(NAME);
  if (imported[type] === Class || !isRequired(NAME)) return imported;
  const required = load<ArrowPackage>(NAME);
  return required[type] === Class ? required : imported;
}

/** The copy to read with: the one required by the program, if it has required one, or else the imported one. */
export function packageToRead(): ArrowPackage {
  return isRequired(NAME) ? load<ArrowPackage>(NAME) : loadImported<ArrowPackage>(NAME);
}
