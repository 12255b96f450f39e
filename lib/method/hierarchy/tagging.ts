/** Which analyzer belongs to which root: found by a walk, and looked for again when one turns up later. */
import { hasIdentity, kindOf } from '../../base/language/brand.js';
import { InvalidOptionError } from '../../base/errors.js';
import { warnOnce } from '../../base/warn.js';
import { dependents } from '../../trace/dependents.js';
import { checkFolderName, tmpdirOf } from '../../key/names/folder-name.js';
import { concreteClassOf } from '../state/class-name.js';
import type { Binding } from '../state/binding.js';
import { bindingOf, stateOf } from '../state/instance-state.js';
import { rootFor, rootOf, taggedRoots, type Root } from '../state/root.js';
import { attachReached, isAnalyzer } from './attach.js';
import { look } from './late.js';
import { isNoRootToBe, isSomeToBe, noteRootToBe, takeConstructed } from './root-to-be.js';
import { scopeOfName } from '../state/use-name.js';

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
  move(settings, () => (settings.tag = tag));
  settings.startTagging();
  // What another root has named through this object goes with it.
  const taken = before?.root === settings ? undefined : before;
  attachReached(settings, root, { taken, isLate: false });
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
    move(root, () => (root.tag = undefined));
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
 * @param dir a path or a file URL; a relative path is taken from the present working directory, and `~` is the home folder.
 * `'temporary'` is the system's temporary folder
 * @defaultValue the environment variable `STOWAGE_TMPDIR`, or `stowage/<project>` in the user's cache folder
 * (`XDG_CACHE_HOME`, `~/.cache`, `~/Library/Caches` or `%LOCALAPPDATA%`)
 * @throws InvalidTagError where it cannot be a path; then nothing is changed
 */
export function setTmpdir(root: object, dir: string | URL): void {
  checkRoot(root, 'setTmpdir');
  const tmpdir = tmpdirOf(dir);
  change(root, 'setTmpdir', (settings) => (settings.tmpdir = tmpdir));
}

/** The settings of a root, to be changed. @throws InvalidOptionError where the object belongs to another root */
export function settingsToChange(object: object, caller: string): Root {
  const binding = findBinding(object);
  if (binding !== undefined && binding.root !== rootOf(object)) {
    throw new InvalidOptionError(
      `${caller} concerns a root, and this object is ${binding.path} of another root tagged '${String(binding.root.tag)}': ` +
        'call it on that root, or make this object a root of its own with setTag first',
    );
  }
  return rootFor(object);
}

function change(object: object, caller: string, apply: (settings: Root) => void): void {
  const settings = settingsToChange(object, caller);
  move(settings, () => {
    apply(settings);
  });
}

/** Gives a root another place. What other roots made of the results at the one before leaves memory. */
function move(root: Root, change: () => void): void {
  const before = root.tag === undefined ? undefined : { scope: root.scope, tmpdir: root.tmpdir };
  change();
  root.renew();
  if (before === undefined || (root.tag !== undefined && root.scope === before.scope)) return;
  if (taggedRoots().every((other) => other === root)) return;
  const { scope, tmpdir } = before;
  dependents.dropWhere((name) => scopeOfName(name, tmpdir) === scope);
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
