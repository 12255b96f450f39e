/** The caches, deques and indexes that have their place inside a FanoutCache. */
import { join } from 'node:path';
import { InvalidOptionError } from '../../base/errors.js';
import type { CacheOptions } from '../state/cache-options.js';
import { Cache } from './cache.js';
import { Deque } from './deque.js';
import type { DiskClass } from '../disk/disk.js';
import { Index } from './index-map.js';

/** Of one FanoutCache; each part is made once. */
export class FanoutParts {
  private readonly caches = new Map<string, Cache>();
  private readonly deques = new Map<string, Deque>();
  private readonly indexes = new Map<string, Index>();

  constructor(
    private readonly directory: string,
    private readonly disk: DiskClass | undefined,
  ) {}

  cache(name: string, options: CacheOptions): Cache {
    return once(this.caches, name, () => this.open('cache', name, options));
  }

  deque<T>(name: string, maxlen: number | undefined): Deque<T> {
    return once(this.deques, name, () => {
      const cache = this.open('deque', name, { evictionPolicy: 'none' });
      return new Deque([], { cache, maxlen });
    }) as Deque<T>;
  }

  index<K, V>(name: string): Index<K, V> {
    return once(this.indexes, name, () => {
      return new Index(this.open('index', name, { evictionPolicy: 'none' }));
    }) as Index<K, V>;
  }

  close(): void {
    for (const parts of [this.caches, this.deques, this.indexes]) {
      for (const part of parts.values()) part.close();
    }
  }

  private open(kind: string, name: string, options: CacheOptions): Cache {
    const steps = typeof name === 'string' ? name.split('/').filter((step) => step !== '') : [];
    if (steps.length === 0 || steps.includes('.') || steps.includes('..')) {
      throw new InvalidOptionError(
        `${kind === 'index' ? 'an' : 'a'} ${kind} cannot be named '${name}': the name is its folder within ${this.directory}`,
      );
    }
    return new Cache(join(this.directory, kind, ...steps), { disk: this.disk, ...options });
  }
}

function once<T>(parts: Map<string, T>, name: string, make: () => T): T {
  const known = parts.get(name);
  if (known !== undefined) return known;
  const made = make();
  parts.set(name, made);
  return made;
}
