/** The results of cached methods, for managed caches that depend on them or that they depend on. */
import { withoutNoting } from '../../trace/frame.js';
import { scopeText } from '../../trace/names.js';
import type { KnownResult, MethodReference, Results } from '../../trace/results.js';
import type { Traced } from '../../store/record/traced.js';
import { knownResult } from '../report/inspect.js';
import { invalidate } from './invalidate.js';
import { cachedMethod, locate } from '../call/locate.js';
import { entryName, nameOfTraced } from '../state/use-name.js';

/** Entered in the registry of `lib/trace` by the decorator, without which there are no results. */
export const results: Results = {
  check({ instance, method }, caller) {
    cachedMethod(instance, method, caller);
  },

  look({ instance, method, args = [] }: MethodReference): KnownResult | undefined {
    return withoutNoting(() => {
      const call = locate(cachedMethod(instance, method, 'registerDependentCache'), instance, args);
      if (call === undefined) return undefined;
      const use = knownResult(call);
      return { name: entryName(call.place.tmpdir, call.identity), ...(use !== undefined && { use }) };
    });
  },

  // What belongs to the record's own root says no root; a call always says its own.
  nameOf: (item, tmpdir) =>
    nameOfTraced(item as Traced, tmpdir, scopeText(tmpdir, { prefix: '', tag: '', rootClass: '' })),

  invalidate({ instance, method, args = [] }) {
    invalidate(instance, method as string, ...args);
  },
};
