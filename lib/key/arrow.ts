/** Arrow tables, record batches and vectors by their schema and their logical content. */
import type { Purpose } from './built-ins.js';
import { type Plan, Refusal } from './plan.js';

/** @throws Refusal for Arrow values */
export function arrowPlan(value: object, _purpose: Purpose): Plan | undefined {
  const brand = (kind: string): boolean => (value as Record<symbol, unknown>)[Symbol.for(`apache-arrow/${kind}`)] === true;
  if (['Table', 'RecordBatch', 'Vector'].some(brand)) throw new Refusal('an Arrow value');
  return undefined;
}
