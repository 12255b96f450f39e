/** What one call of a cached method is. */
import type { Question } from '../../call/question.js';
import type { Found } from '../../store/entry/find.js';
import type { Frame } from '../../trace/frame.js';
import type { Binding } from '../state/binding.js';
import type { MethodInfo } from '../state/method-info.js';
import type { MethodMemory } from '../state/method-memory.js';
import type { EffectiveOptions } from '../state/options.js';
import type { Recompute } from './validate.js';

/** What a call is, before it is on its way. */
export interface MethodCallParts {
  info: MethodInfo;
  options: EffectiveOptions;
  analyzer: object;
  args: readonly unknown[];
  binding: Binding;
  memory: MethodMemory;
  /** Of the arguments and of what identifies the analyzer. */
  key: string | undefined;
  /** What identifies the analyzer beside its place: its parameters, and what `[cacheKey]()` returns. */
  ownKey: unknown;
  caller: Frame | undefined;
  refresh: boolean;
}

/** A call on its way, as the stations of the way see it. */
export interface OneCall extends Question {
  readonly parts: MethodCallParts;
  readonly info: MethodInfo;
  readonly options: EffectiveOptions;
  readonly binding: Binding;
  /** What is stored, and what is computed instead takes the place of. */
  seen: Found | undefined;
  /** How many changes there were when the stored result was last looked at. */
  changes: number;
  /** Where a stored result was found, as its `hit` says it. */
  readonly foundIn: 'disk' | 'remote';
  /** Computes an upstream result again, to see whether it is still what it was. */
  readonly recompute: Recompute;
}
