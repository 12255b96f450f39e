/** A process that calls one of the functions that a factory makes, and says what came of it and how often it ran. */
import { caches } from '../analyses/function-caches.js';

/** What the process is to do. */
export interface FactoryJob {
  /** One of the caches of functions. */
  cache: string;
  folder: string;
  name: string;
  factor: number;
  argument: number;
}

const { cache, folder, name, factor, argument } = JSON.parse(process.argv[2] ?? '') as FactoryJob;
let runs = 0;
const times = caches[cache]?.(
  (x: number) => {
    runs++;
    return factor * x;
  },
  folder,
  name,
);
const value: unknown = times?.(argument);
process.stdout.write(JSON.stringify({ value, runs }));
