/** Values in the rows of a DuckDB result. The result itself lies in DuckDB's memory. */
import type { Adapter, Unkeepable } from '../contract/adapter.js';

const VALUES = ['Array', 'Bit', 'Blob', 'Date', 'Decimal', 'Geometry', 'Interval', 'List', 'Map', 'Struct', 'Time',
  'TimeNS', 'TimeTZ', 'Timestamp', 'TimestampMilliseconds', 'TimestampNanoseconds', 'TimestampSeconds', 'TimestampTZ',
  'UUID', 'Union', 'Variant']; // prettier-ignore

const inDuckDb = (what: string): Unkeepable => ({
  what: `${what} of DuckDB, whose rows lie in its own memory`,
  advice: 'take the rows: await reader.getRowObjects(), or getColumnsObject()',
});

export const duckdb: Adapter = {
  package: '@duckdb/node-api',
  classes: VALUES.map((name) => `DuckDB${name}Value`),
  unkeepable: {
    DuckDBResult: inDuckDb('a result'),
    DuckDBMaterializedResult: inDuckDb('a result'),
    DuckDBResultReader: inDuckDb('a reader'),
    DuckDBPendingResult: inDuckDb('a result that is not there yet'),
    DuckDBDataChunk: inDuckDb('a chunk'),
    DuckDBConnection: inDuckDb('a connection'),
    DuckDBInstance: inDuckDb('an instance'),
    DuckDBPreparedStatement: inDuckDb('a statement'),
  },
};
