/** Tables of Arquero. What an order or groups are is a function, which no file holds; a filter is a set of rows. */
import type { Adapter } from '../contract/adapter.js';
import { columnOf, kindOf, vectorOf, type ColumnKind } from '../contract/arrow-columns.js';
import { load } from '../../base/packages/optional.js';
import type * as Arrow from 'apache-arrow';

interface Table {
  _names: string[];
  _data: Record<string, unknown>;
  _total: number;
  _nrows: number;
  _mask: object | null;
  _group: object | null;
  _order: unknown;
  _params: unknown;
}

interface Rest {
  names: string[];
  /** Some of what holds the columns is mostly frozen. */
  frozen: { names: boolean; data: boolean };
  /** In the order in which the table has them. */
  columns: [name: string, kind: ColumnKind][];
}

const FIELDS = '_names,_data,_total,_nrows,_mask,_group,_order,_params,_index,_partitions';
/** What a table finds out again when it is asked. */
const FOUND_OUT = ['_index', '_partitions'];

export const arquero: Adapter = {
  package: 'arquero',
  classes: ['ColumnTable', 'BitSet'],
  parts(value, { note }) {
    if (note.class !== 'ColumnTable') return undefined;
    const { _group, _order } = value as Table;
    if (_order !== null) {
      return { what: 'an Arquero table in an order that is a function', advice: 'call table.reify() first' };
    }
    if (_group !== null) {
      return { what: 'an Arquero table in groups, which are functions', advice: 'call table.ungroup() first' };
    }
    for (const [name, column] of Object.entries((value as Table)._data)) {
      if (isDictionary(column)) {
        return {
          what: `an Arquero table whose column ${name} reads the dictionary of an Arrow file by functions`,
          advice: `make it an array first: table.derive({ ${name}: (row) => row.${name} })`,
        };
      }
    }
    const names = Object.keys(value);
    const fields = value as unknown as Record<string, unknown>;
    return { names, values: names.map((name) => (FOUND_OUT.includes(name) ? null : fields[name])) };
  },
  table: {
    of(value, { note }) {
      if (note.class !== 'ColumnTable' || Object.keys(value).join() !== FIELDS) return undefined;
      const { _names, _data, _total, _nrows, _mask, _group, _order, _params } = value as Table;
      if (_mask !== null || _group !== null || _order !== null || _params !== undefined || _total !== _nrows)
        return undefined;
      const names = Object.keys(_data);
      const kinds = names.map((name) => kindOf(_data[name], _nrows));
      const objects = new Set(Object.values(_data).map((data) => (ArrayBuffer.isView(data) ? data.buffer : data)));
      const frozen = { names: Object.isFrozen(_names), data: Object.isFrozen(_data) };
      if ((!frozen.data && !Object.isExtensible(_data)) || (!frozen.names && !Object.isExtensible(_names)))
        return undefined;
      if (
        names.length === 0 ||
        _nrows === 0 ||
        objects.size !== names.length ||
        !kinds.every((kind) => kind !== undefined)
      )
        return undefined;
      const arrow = load<typeof Arrow>('apache-arrow');
      const columns = names.map((name, at): [string, ColumnKind] => [name, kinds[at] as ColumnKind]);
      const vectors = columns.map(([name, kind]) => [name, vectorOf(_data[name], kind, arrow)] as const);
      const table = new arrow.Table(Object.fromEntries(vectors));
      return { bytes: arrow.tableToIPC(table, 'file'), rest: { names: [..._names], frozen, columns } satisfies Rest };
    },
    make({ Class }, { bytes, rest }) {
      const { names, frozen, columns } = rest as Rest;
      const table = load<typeof Arrow>('apache-arrow').tableFromIPC(bytes);
      const data = Object.fromEntries(columns.map(([name, kind], at) => [name, columnOf(table.getChildAt(at), kind)]));
      if (frozen.data) Object.freeze(data);
      if (frozen.names) Object.freeze(names);
      const { numRows } = table;
      const state = {
        _names: names,
        _data: data,
        _total: numRows,
        _nrows: numRows,
        _mask: null,
        _group: null,
        _order: null,
      };
      const made = Object.create(Class.prototype) as object;
      return Object.assign(made, state, { _params: undefined, _index: null, _partitions: null });
    },
  },
};

/** Arquero makes such a column of functions. */
function isDictionary(column: unknown): boolean {
  return (
    typeof column === 'object' &&
    column !== null &&
    typeof Object.getOwnPropertyDescriptor(column, 'keyFor')?.value === 'function'
  );
}
