/** Which calls of an analyzer are to be computed. */
import { didYouMean } from '../../base/did-you-mean.js';
import { InvalidOptionError, NotCachedError } from '../../base/errors.js';
import { previewOf } from '../../store/record/arguments.js';
import { everyCachedMethodOf, type MethodInfo } from '../../method/state/method-info.js';
import { attachedTo } from '../../method/hierarchy/subtree.js';
import { bindingOf } from '../../method/state/instance-state.js';
import { rootOf, type Root } from '../../method/state/root.js';
import { needsNoArguments } from '../../method/report/known-calls.js';
import { tagConstructed } from '../../method/hierarchy/tagging.js';

/** A call of a cached method. */
export interface PlannedCall {
  /** As the user would write it: `slopes.rms`, `modes[3].psd(2)`. */
  name: string;
  analyzer: object;
  info: MethodInfo;
  args: readonly unknown[];
}

/** A method by its instance path without `root`, and its arguments. */
export interface NamedCall {
  method: string;
  args: readonly unknown[];
}

/**
 * The calls that are named; without names, every cached getter and every cached method that needs no arguments, of the
 * root and all that it reaches.
 * @throws InvalidOptionError where there is no analyzer of such a path, or nothing to compute
 * @throws NotCachedError where it has no such cached method
 */
export function plannedCalls(analyzer: object, named: readonly NamedCall[] | undefined): PlannedCall[] {
  tagConstructed();
  const root = rootOf(analyzer);
  if (root?.tag === undefined)
    throw new InvalidOptionError('what is to be precomputed has no tag of its own: call setTag on it');
  if (named !== undefined) return named.map((call) => callNamed(root, call));
  const calls = [...attachedTo({ root, path: 'root' })].flatMap(callsWithoutArguments);
  if (calls.length > 0) return calls;
  throw new InvalidOptionError(
    `a ${root.concrete.name} and what it reaches has no cached getter and no cached method without arguments: name the methods`,
  );
}

function callsWithoutArguments(analyzer: object): PlannedCall[] {
  // Of a method and those that it overrides, a call reaches the first.
  const seen = new Set<string>();
  const calls: PlannedCall[] = [];
  for (const info of everyCachedMethodOf(analyzer)) {
    if (seen.has(info.label) || info.label.startsWith('#')) continue;
    seen.add(info.label);
    if (needsNoArguments(info))
      calls.push({ name: shortName(bindingOf(analyzer)?.path ?? '', info.label), analyzer, info, args: [] });
  }
  return calls;
}

function callNamed(root: Root, { method, args }: NamedCall): PlannedCall {
  const dot = method.lastIndexOf('.');
  const path = dot < 0 ? 'root' : pathOf(method.slice(0, dot));
  const label = method.slice(dot + 1);
  const analyzer = root.reach.at(path);
  if (analyzer === undefined) {
    const paths = [...root.reach.analyzers()].map(([each]) => each);
    throw new InvalidOptionError(
      `'${method}' names a method of ${path}, where a ${root.concrete.name} has no analyzer${didYouMean(path, paths)}; it has ` +
        paths.join(', '),
    );
  }
  const infos = [...everyCachedMethodOf(analyzer)];
  const info = infos.find((each) => each.label === label);
  if (info === undefined) {
    const labels = [...new Set(infos.map((each) => each.label))];
    throw new NotCachedError(
      `'${method}' names no cached method of ${path}${didYouMean(label, labels)}; it has ${labels.join(', ') || 'none'}`,
    );
  }
  const shownArgs = args.length === 0 ? '' : `(${args.map(previewOf).join(', ')})`;
  return { name: shortName(path, label) + shownArgs, analyzer, info, args };
}

/** `slopes` and `[3]` are `root.slopes` and `root[3]`. */
function pathOf(short: string): string {
  return short.startsWith('[') ? `root${short}` : `root.${short}`;
}

function shortName(path: string, label: string): string {
  return path === 'root' ? label : `${path.replace(/^root\.?/, '')}.${label}`;
}
