/** All adapters. They are small, and load nothing of their libraries. */
import type { Adapter } from './contract/adapter.js';
import { arquero } from './adapters/arquero.js';
import { big } from './adapters/big.js';
import { bignumber } from './adapters/bignumber.js';
import { complex } from './adapters/complex.js';
import { decimal, decimalLight } from './adapters/decimal.js';
import { duckdb } from './adapters/duckdb.js';
import { flechette } from './adapters/flechette.js';
import { fraction } from './adapters/fraction.js';
import { mathjs } from './adapters/mathjs.js';
import { mlMatrix } from './adapters/ml-matrix.js';
import { polars } from './adapters/polars.js';
import { STDLIB } from './adapters/stdlib.js';
import { TEMPORALS } from './adapters/temporal.js';
import { tensorflow } from './adapters/tensorflow.js';

/** Where two libraries have a class of one name, the likelier one comes first. */
export const ADAPTERS: readonly Adapter[] = [
  decimal,
  decimalLight,
  big,
  bignumber,
  mlMatrix,
  mathjs,
  complex,
  fraction,
  ...STDLIB,
  tensorflow,
  arquero,
  flechette,
  duckdb,
  ...TEMPORALS,
  polars,
];
