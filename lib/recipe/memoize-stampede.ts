import { serialize } from 'node:v8';
import { elapsedSince, now, stopwatch } from '../base/clock.js';
import { toSeconds, type Duration } from '../base/duration.js';
import { InvalidOptionError, StowageError, UncacheableValueError } from '../base/errors.js';
import { events } from '../base/events.js';
import type { CacheItem } from '../kv/cache-options.js';
import { memoize, type Memoized, type MemoizeOptions } from '../kv/memoize.js';
import type { RecipeCache } from './recipe-cache.js';
import { dress, type AnyFunction } from './wrap.js';
