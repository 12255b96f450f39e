/** Columns of flechette, of which Arquero's tables are made that come from Arrow files. */
import { functionName } from '../../base/language/brand.js';
import type { Adapter, LibraryClass } from '../contract/adapter.js';

interface ColumnType {
  readonly typeId: number;
  readonly children?: readonly unknown[];
  readonly dictionary?: ColumnType;
}
interface Column {
  readonly type: ColumnType;
  readonly data: readonly { constructor: unknown }[];
}
type Options = Readonly<Record<string, boolean>>;

interface Flechette {
  batchType(type: ColumnType, options: Options): unknown;
  tableFromColumns(columns: Record<string, Column>): object;
  tableToIPC(table: object, options: { format: 'file' }): Uint8Array;
  tableFromIPC(bytes: Uint8Array, options: Options): { getChildAt(index: number): object };
}

/** How values are read can be said for each file: as what JavaScript has, or as Arrow has them. */
const OPTIONS = ['useDate', 'useBigInt', 'useDecimalBigInt', 'useDecimalInt'];

const OWN = ['type', 'length', 'nullCount', 'data', 'at', 'offsets'];

export const flechette: Adapter = {
  package: '@uwdata/flechette',
  within: ['arquero'],
  classes: ['Column'],
  parts(value, { module }) {
    const library = module as unknown as Flechette;
    const column = value as Column;
    const options = optionsOf(column, library);
    const isOwn = Object.keys(value).every((name) => OWN.includes(name));
    if (!isOwn || options === undefined) {
      return {
        what: 'a column of an Arrow file whose type does not say how its values are read',
        advice: 'take its values: column.toArray()',
      };
    }
    const bytes = library.tableToIPC(library.tableFromColumns({ values: column }), { format: 'file' });
    return { names: ['ipc', 'options'], values: [bytes, options] };
  },
  make: (found, { values: [bytes, options] }) => readColumn(found, bytes as Uint8Array, options as Options),
};

function readColumn({ module }: LibraryClass, bytes: Uint8Array, options: Options): object {
  // In memory of its own, since numbers are read in place.
  return (module as unknown as Flechette).tableFromIPC(new Uint8Array(bytes), options).getChildAt(0);
}

/** Text, which is read in one way only. */
const TEXT = [5, 20];

/** The options by which the batches of a column have the classes that they have. */
function optionsOf({ type, data }: Column, { batchType }: Flechette): Options | undefined {
  const isNested = (type.children?.length ?? 0) > 0;
  const isOddDictionary = type.dictionary !== undefined && !TEXT.includes(type.dictionary.typeId);
  if (data.length === 0 || isNested || isOddDictionary) return undefined;
  return [{}, ...OPTIONS.map((name) => ({ [name]: true }))].find((options) => {
    const Class = batchType(type, options) as object;
    return data.every((batch) => isSame(batch.constructor as object, Class));
  });
}

/** Dates are read by a class that is made each time, of a class that is not. */
function isSame(one: object, other: object): boolean {
  const isMade = (Class: object): boolean => functionName(Class) === 'WrapBatch';
  return one === other || (isMade(one) && isMade(other) && Object.getPrototypeOf(one) === Object.getPrototypeOf(other));
}
