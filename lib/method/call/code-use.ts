/**
 * The code of a cached method that was called and left no result which could stand for it in its caller's trace: it failed,
 * its value cannot be stored, or it ran uncached. Its caller is made of that code all the same.
 */
import { hash } from 'node:crypto';
import { codeOf } from '../../code/code-of.js';
import { upstreamCode } from '../../store/entry/code-cause.js';
import { changesOfCode, codeOfDigest, digestOfCode } from '../../store/record/code-seen.js';
import { CODE_MARK, type TracedParameter } from '../../store/record/traced.js';
import type { Use } from '../../trace/frame.js';
import { parameterName } from '../../trace/names.js';
import { lookThrough } from '../hierarchy/late.js';
import { tracedAt } from '../hierarchy/uses.js';
import { methodIdOf } from '../state/class-name.js';
import { bindingOf } from '../state/instance-state.js';
import { codeOfMethod } from '../state/method-code.js';
import { everyCachedMethodOf, methodsWritten, whereWritten, type MethodInfo } from '../state/method-info.js';
import { effectiveOptions } from '../state/options.js';
import type { Root } from '../state/root.js';
import type { Owner } from './refusal.js';

class CodeUse implements Use {
  readonly parameter: string;

  /** @param place where the analyzer stands; absent for one that no root reaches */
  constructor(
    method: string,
    readonly digest: string,
    private readonly place?: { root: Root; path: string },
  ) {
    this.parameter = CODE_MARK + method;
  }

  get name(): string {
    return parameterName(this.place?.root.scope ?? '', this.place?.path ?? '', this.parameter);
  }

  hasChanged(): boolean {
    return false;
  }

  drop(): void {
    // Nothing of it is kept.
  }

  traced(tmpdir: string, scope: string): TracedParameter {
    const { place, parameter, digest } = this;
    return place === undefined
      ? { parameter, instance: '', digest }
      : tracedAt(place.root, place.path, this, tmpdir, scope);
  }
}

/** Of a method of an analyzer that a root reaches. */
export function codeUseOf({ info, analyzer, binding }: Owner): Use {
  const digest = digestOfCode(codeOfMethod(info, analyzer, binding.root));
  return new CodeUse(methodIdOf(info, analyzer), digest, binding);
}

const uncached = new WeakMap<MethodInfo, Use>();

/** Of a method of an analyzer that no root reaches. */
export function codeUseOfUncached(info: MethodInfo): Use {
  let use = uncached.get(info);
  if (use === undefined) {
    const where = whereWritten(info);
    uncached.set(info, (use = new CodeUse(where, digestOfWritten(methodsWritten(where)))));
  }
  return use;
}

/**
 * Another process cannot tell which class it was, but knows all methods that are written there under the name. What they call
 * on their own object is not followed, since the class of that is not known either.
 */
function digestOfWritten(infos: readonly MethodInfo[]): string {
  const codes = infos.map(({ original }) => codeOf(original));
  const all = (part: 'own' | 'digest'): string =>
    hash('sha256', [...new Set(codes.map((code) => code[part]))].sort().join('\0'), 'hex').slice(0, 32);
  const depth = codes.every((code) => code.depth === codes[0]?.depth) ? codes[0]?.depth : undefined;
  return digestOfCode({ depth: depth ?? 'method', own: all('own'), digest: all('digest') });
}

/** Why such code is no longer what it was, if so. @param roots where its analyzer is looked for */
export function changeOfTracedCode(item: TracedParameter, roots: readonly Root[]): string | undefined {
  const method = item.parameter.slice(CODE_MARK.length);
  if (item.instance === '') return changeOfWritten(method, item.digest);
  const name = `${item.instance}.${method}`;
  if (roots.length === 0) return `the code of ${name} cannot be looked at, since no root has the tag now`;
  for (const root of roots) {
    const owner = ownerAt(root, item.instance, method);
    if (owner === undefined) return `${name} is not there now`;
    const { onCodeChange } = effectiveOptions(owner.info.options, owner.binding.byIndex);
    if (onCodeChange !== 'recompute') continue;
    const was = codeOfDigest(item.digest);
    const now = codeOfMethod(owner.info, owner.analyzer, root, was.depth);
    if (changesOfCode(was, { ...now, parts: [] }).length > 0) return upstreamCode(method);
  }
  return undefined;
}

/** The item as it would be noted now; itself where its method is not there. @param root of the result, whose the analyzer is mostly */
export function tracedCodeNow(item: TracedParameter, root: Root): TracedParameter {
  const method = item.parameter.slice(CODE_MARK.length);
  if (item.instance === '') {
    const infos = methodsWritten(method);
    return infos.length === 0 ? item : { ...item, digest: digestOfWritten(infos) };
  }
  const owner = item.root === undefined ? ownerAt(root, item.instance, method) : undefined;
  return owner === undefined ? item : { ...item, digest: digestOfCode(codeOfMethod(owner.info, owner.analyzer, root)) };
}

function changeOfWritten(where: string, digest: string): string | undefined {
  const infos = methodsWritten(where);
  if (infos.length === 0) return `the method ${where} is not loaded now`;
  if (infos.every(({ options }) => effectiveOptions(options, false).onCodeChange !== 'recompute')) return undefined;
  const changes = changesOfCode(codeOfDigest(digest), codeOfDigest(digestOfWritten(infos)));
  return changes.length === 0 ? undefined : upstreamCode(where);
}

function ownerAt(root: Root, path: string, method: string): Owner | undefined {
  if (root.reach.at(path) === undefined) lookThrough(root);
  const analyzer = root.reach.at(path);
  const binding = analyzer && bindingOf(analyzer);
  if (analyzer === undefined || binding === undefined) return undefined;
  const info = [...everyCachedMethodOf(analyzer)].find((each) => methodIdOf(each, analyzer) === method);
  return info && { info, analyzer, binding };
}
