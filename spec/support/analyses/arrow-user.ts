/** A process that has apache-arrow as an ES module, as users have it, stores a table in the folder given and prints what came back. */
import { Table, tableFromArrays } from 'apache-arrow';
import { cacheOnDisk, setTag, setTmpdir } from 'stowage';

class Tables {
  @cacheOnDisk
  table(): Table {
    process.stdout.write('computed ');
    return tableFromArrays({ x: Float64Array.of(1, 2) });
  }
}
for (let day = 0; day < 2; day++) {
  const tables = new Tables();
  setTmpdir(tables, process.argv[2] ?? '');
  setTag(tables, 't');
  const table = tables.table();
  process.stdout.write(`${String(table instanceof Table)} ${String(table.numRows)} `);
}
