/** Which analyzer belongs to which root: found by a walk, and looked for again when one turns up later. */
import { hasIdentity, kindOf } from '../../base/language/brand.js';
import { events } from '../../base/events.js';
import { startWork } from '../../base/clock.js';
import { InvalidOptionError } from '../../base/errors.js';
import { warnOnce } from '../../base/warn.js';
import { checkFolderName, tmpdirOf } from '../../key/names/folder-name.js';
import { concreteClassOf } from '../state/class-name.js';
import type { Binding } from '../state/binding.js';
import { bindingOf, currentBinding, stateFor, stateOf, type InstanceState } from '../state/instance-state.js';
import { hasCachedMethods } from '../state/method-info.js';
import { hasParameters, parametersOf } from '../state/parameters.js';
import { watchFields } from './watched-field.js';
import { ownerOf, ownersText } from '../state/owner.js';
import { isPathAtOrUnder } from '../state/path-under.js';
import { rootFor, rootOf, taggedRoots, type Root } from '../state/root.js';
import { isNoRootToBe, isSomeToBe, noteRootToBe, takeConstructed } from './root-to-be.js';
import { snapshotOf } from './state-fields.js';
import { walk, type Reached } from './walk.js';

/** An object that can be a root: anything with an identity. */
function checkRoot(root: unknown, caller: string): asserts root is object {
  if (hasIdentity(root)) return;
  throw new InvalidOptionError(`${caller} needs an object (or a class, for its static methods), not ${kindOf(root)}`);
}

/**
 * Makes `root` the root of a dataset: every result of every cached method of every object that it reaches, by
 * attributes, arrays, Maps and Sets, is from now on stored under `<tmpdir>/<prefix><tag>` and found there again.
 * Tagging again switches to the other tag's results at once; tagging with the same tag looks at the disk anew.
 *
 * @param root the highest object of the hierarchy; not kept alive
 * @param tag names the dataset, `'LBTISX20240410_112233'` for example
 * @throws InvalidTagError where the tag cannot name a folder inside the tmpdir; then nothing is changed
 * @throws InvalidOptionError where `root` is no object
 */
export function setTag(root: object, tag: string): void {
  checkRoot(root, 'setTag');
  checkFolderName(rootOf(root)?.prefix ?? 'cache', tag);
  isNoRootToBe(root);
  tagNow(root, tag);
}

function tagNow(root: object, tag: string): void {
  const settings = rootFor(root);
  const before = bindingOf(root);
  settings.tag = tag;
  settings.startTagging();
  settings.renew();
  // What another root has named through this object goes with it.
  const taken = before?.root === settings ? undefined : before;
  attachReached(settings, root, (reached) => {
    attach(settings, reached, { taken, isLate: false });
  });
}

/**
 * Tags an object once it is constructed, the fields of its subclasses included: at the first question that is asked of
 * any analyzer after that, or else when the present synchronous code ends. To be called in the constructor of a base
 * class. What the constructors of its subclasses call of it runs uncached.
 * @throws InvalidTagError as {@link setTag} does, at once
 */
export function setTagOnceConstructed(object: object, tag: string): void {
  checkFolderName(rootOf(object)?.prefix ?? 'cache', tag);
  noteRootToBe(object, tag, setTagOnceConstructed);
  queueMicrotask(tagAll);
}

function tagAll(): void {
  tagConstructed(true);
}

/** Where an analyzer stands is asked here first. */
export function tagConstructed(all = false): void {
  if (!isSomeToBe()) return;
  const constructed = takeConstructed(all);
  // Roots of their own, all of them, before the walk from one meets another.
  for (const { object, tag } of constructed) rootFor(object).tag = tag;
  for (const { object, tag } of constructed) tagNow(object, tag);
}

/**
 * Takes the tag off: a root and all it reaches run uncached, a member alone runs uncached until the next `setTag` of
 * its root. Nothing is removed from disk.
 */
export function untag(object: object): void {
  checkRoot(object, 'untag');
  tagConstructed();
  isNoRootToBe(object);
  const root = rootOf(object);
  if (root?.tag !== undefined) {
    root.tag = undefined;
    root.renew();
    return;
  }
  const state = stateOf(object);
  if (state === undefined) return;
  state.bind(undefined);
  state.leftOut = true;
}

/**
 * Sets what stands before the tag in the folder's name, for a root and all it reaches.
 * @defaultValue `'cache'`
 * @throws InvalidTagError where prefix and tag cannot name a folder; then nothing is changed
 */
export function setPrefix(root: object, prefix: string): void {
  checkRoot(root, 'setPrefix');
  checkFolderName(prefix, rootOf(root)?.tag ?? 't');
  change(root, 'setPrefix', (settings) => (settings.prefix = prefix));
}

/**
 * Sets the folder in which the tags' folders lie, for a root and all it reaches. It is made when first needed.
 * @param dir a path or a file URL; a relative path is taken from the present working directory, and `~` is the home folder
 * @defaultValue the environment variable `STOWAGE_TMPDIR`, or the system's temporary folder
 * @throws InvalidTagError where it cannot be a path; then nothing is changed
 */
export function setTmpdir(root: object, dir: string | URL): void {
  checkRoot(root, 'setTmpdir');
  const tmpdir = tmpdirOf(dir);
  change(root, 'setTmpdir', (settings) => (settings.tmpdir = tmpdir));
}

function change(object: object, caller: string, apply: (settings: Root) => void): void {
  const binding = findBinding(object);
  if (binding !== undefined && binding.root !== rootOf(object)) {
    throw new InvalidOptionError(
      `${caller} concerns a root, and this object is ${binding.path} of another root tagged '${String(binding.root.tag)}': ` +
        'call it on that root, or make this object a root of its own with setTag first',
    );
  }
  const settings = rootFor(object);
  apply(settings);
  settings.renew();
}

/** Shows `attachOne` every analyzer that the root reaches and may have. */
function attachReached(root: Root, object: object, attachOne: (reached: Reached) => void): void {
  const cost = startWork();
  walk(object, (reached) => {
    const own = reached.object === object ? undefined : rootOf(reached.object);
    if (own?.tag !== undefined) return 'leave';
    if (reached.object === object || isAnalyzer(reached.object)) attachOne(reached);
    return 'enter';
  });
  root.walkSeconds = cost();
}

/** Has it results of its own, or parameters that others read? */
function isAnalyzer(object: object): boolean {
  return hasCachedMethods(prototypeOf(object)) || hasParameters(object);
}

function prototypeOf(object: object): object | null {
  return Object.getPrototypeOf(object) as object | null;
}

/** Under which circumstances an analyzer was found. */
interface Finding {
  /** Where its root stood under another one. */
  taken?: Binding | undefined;
  isLate: boolean;
}

/** Binds an analyzer. */
function attach(root: Root, reached: Reached, { taken, isLate }: Finding): void {
  const state = stateFor(reached.object);
  const held = currentBinding(state);
  if (held !== undefined) {
    if (held.root === root && held.tagging === root.tagging) return;
    const goesAlong = taken?.root === held.root && isPathAtOrUnder(held.path, taken.path);
    if (held.root !== root && held.root.object.deref() !== undefined && !goesAlong) {
      reportShared(root, held, reached);
      return;
    }
  }
  state.leftOut = false;
  state.costSinceLook = undefined;
  const path = reached.path();
  root.enter(path, reached.object);
  const containers = reached.containers();
  for (const container of containers ?? []) root.enterContainer(container.path, container.object);
  const parameters = parametersOf(reached.object);
  if (parameters.size > 0) {
    watchFields(reached.object, parameters);
    root.enterParameters(path, reached.object);
  }
  state.bind({
    root,
    path,
    concrete: concreteClassOf(reached.object),
    owner: ownersText([root.owner, ownerOf(reached.object)]),
    byIndex: reached.byIndex,
    isLate,
    containers: containers?.map((container) => container.path),
    snapshot: snapshotOf(reached.object, parameters),
    tagging: root.tagging,
  });
}

const reported = new WeakMap<object, Set<string>>();

/** An analyzer that two roots reach stays with the first; if the second has another tag, that is said once. */
function reportShared(root: Root, held: Binding, reached: Reached): void {
  const tags = reported.get(reached.object) ?? new Set<string>();
  reported.set(reached.object, tags);
  if (root.tag === undefined || root.tag === held.root.tag || tags.has(root.tag)) return;
  tags.add(root.tag);
  events.tell({
    type: 'shared',
    tag: String(held.root.tag),
    instance: held.path,
    method: '',
    reason: `a root tagged '${root.tag}' reaches it too, as ${reached.path()}; it stays with the first`,
  });
}

/** A first look that is likely to take longer than this waits until it has been worth it. */
const LONG_LOOK = 0.05;

/** What the failed looks for analyzers of one class have cost, and what their uncached calls have. */
interface Account {
  looks: number;
  calls: number;
}

const accounts = new WeakMap<object, Account>();

function accountOf(object: object): Account {
  const prototype = prototypeOf(object) ?? Object.prototype;
  let account = accounts.get(prototype);
  if (account === undefined) accounts.set(prototype, (account = { looks: 0, calls: 0 }));
  return account;
}

/**
 * Looks for an untagged analyzer in the live roots: at its first call, and again when its uncached calls have cost
 * more than looking did. Objects of a class that keeps not being found are looked for only as long as that costs
 * less than their calls.
 */
function look(object: object, isNowhere?: () => void): Binding | undefined {
  const tagged = taggedRoots();
  if (tagged.length === 0) return undefined;
  const state = stateFor(object);
  if (state.leftOut) return undefined;
  const expected = tagged.reduce((total, root) => total + root.walkSeconds, 0);
  const account = accountOf(object);
  const cost = state.costSinceLook;
  const due = cost === undefined ? expected <= LONG_LOOK : cost > expected;
  state.costSinceLook ??= 0;
  if (!due || account.looks > LONG_LOOK + account.calls) return undefined;
  const looking = startWork();
  for (const root of tagged) {
    lookThrough(root);
    const binding = currentBinding(state);
    if (binding !== undefined) return binding;
  }
  account.looks += looking();
  state.costSinceLook = 0;
  isNowhere?.();
  return undefined;
}

/** Looks for all that was attached to a root since it was tagged. */
export function lookThrough(root: Root): void {
  const object = root.object.deref();
  if (object === undefined || root.tag === undefined) return;
  attachReached(root, object, (reached) => {
    if (stateOf(reached.object)?.leftOut !== true) attach(root, reached, { isLate: true });
  });
}

/** Looks for an analyzer that is called without a tag; one that no root reaches is warned of, once a class. */
export function lookFor(object: object): Binding | undefined {
  tagConstructed();
  return (
    bindingOf(object) ??
    look(object, () => {
      // It may be found when the root that is being constructed is.
      if (!isSomeToBe()) warnOf(object);
    })
  );
}

function warnOf(object: object): void {
  const { name } = concreteClassOf(object);
  warnOnce(
    'STOWAGE_UNTAGGED',
    name,
    `a ${name} with cached methods runs uncached: no tagged root reaches it. Tag it with setTag, put it where a root ` +
      'reaches it, or, if it sits behind #private fields, return it from a [children]() method',
  );
}

/** Where an analyzer stands, if it is one; one that was attached after the tagging is looked for. */
export function findBinding(object: object): Binding | undefined {
  tagConstructed();
  return bindingOf(object) ?? (isAnalyzer(object) ? look(object) : undefined);
}

/** Notes what an uncached call cost, so that looking again can be worth it. */
export function noteUncached(state: InstanceState | undefined, object: object, seconds: number): void {
  if (state?.costSinceLook === undefined) return;
  state.costSinceLook += seconds;
  accountOf(object).calls += seconds;
}
