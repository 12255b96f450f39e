/** Writes down the branches that were covered so far: V8 forgets them when its inspector looks at the scripts of a process. */
import { takeCoverage } from 'node:v8';

export function keepCoverage(): void {
  if (process.env.NODE_V8_COVERAGE !== undefined) takeCoverage();
}
