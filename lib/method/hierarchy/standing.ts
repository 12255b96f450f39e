/**
 * What stands at a path under a root, where no stored result says it: an analyzer of the root whose call left none, by its
 * class; an analyzer that another root has, by its place there.
 */
import { scopeText, parameterName } from '../../trace/names.js';
import type { TracedParameter } from '../../store/record/traced.js';
import type { Frame, Use } from '../../trace/frame.js';
import type { Binding } from '../state/binding.js';
import { bindingOf } from '../state/instance-state.js';
import { isOwnPlace } from '../state/own-place.js';
import { taggedRoots, type Root } from '../state/root.js';
import { beginningOf } from './beginning.js';
import { MembersUse, parameterDigest, STANDING, tracedAt } from './uses.js';
import { memberCount } from './step.js';

/** Digest of what an object is to a root that reaches it; `undefined` where it is none of its analyzers. */
function digestOfStanding(root: Root, object: object): string | undefined {
  const binding = bindingOf(object);
  if (binding === undefined) return undefined;
  const { concrete, owner } = binding;
  if (binding.root !== root) return parameterDigest([binding.root.storedScope, binding.path]);
  return parameterDigest([root.nameOf(concrete), owner]);
}

/** Digest of what stands at a path now, of those that a walk has met. */
export function standingAt(root: Root, path: string): string | undefined {
  const object = root.reach.foreignAt(path) ?? root.reach.at(path);
  return object && digestOfStanding(root, object);
}

/** What stood at a path when a computation used it. */
class StandingUse implements Use {
  constructor(
    readonly name: string,
    private readonly root: Root,
    private readonly path: string,
    private readonly object: object,
    readonly digest: string,
  ) {}

  hasChanged(): boolean {
    return digestOfStanding(this.root, this.object) !== this.digest;
  }

  drop(): void {
    // It is no value.
  }

  traced(tmpdir: string, scope: string): TracedParameter {
    return tracedAt(this.root, this.path, { parameter: STANDING, digest: this.digest }, tmpdir, scope);
  }
}

function note(frame: Frame, root: Root, path: string, object: object): void {
  const name = parameterName(root.scope, path, STANDING);
  if (frame.uses.has(name)) return;
  const digest = digestOfStanding(root, object);
  if (digest !== undefined) frame.note(new StandingUse(name, root, path, object, digest));
}

/** Notes which class an analyzer is of, for a computation to which its call left no result. */
export function noteClass(analyzer: object, binding: Binding, frame: Frame): void {
  if (frame.analyzer !== analyzer) note(frame, binding.root, binding.path, analyzer);
}

/** Notes what else makes an analyzer the one that a computation uses: where it stands, and among how many. */
export function notePlace(analyzer: object, binding: Binding, frame: Frame): void {
  const own = bindingOf(frame.analyzer)?.root;
  if (own !== undefined && own !== binding.root) {
    noteForeign(analyzer, binding, frame, own);
    noteMembership(analyzer, own, frame);
  } else if (binding.isLate && !isAttachedBy(frame, binding)) {
    note(frame, binding.root, binding.path, analyzer);
  }
  noteMembership(analyzer, binding.root, frame);
}

/** Would {@link notePlace} note nothing? */
export function isPlaceKnown(analyzer: object, binding: Binding, user: object): boolean {
  if (binding.isLate || binding.root !== bindingOf(user)?.root) return false;
  const membership = binding.root.reach.membershipOf(analyzer);
  return membership?.named?.length === 0 && membership.others.length === 0;
}

/** Was an analyzer not there when a computation began that uses it? Then the computation itself has attached it. */
export function isAttachedBy(frame: Frame, { root, isLate, foundBy }: Binding): boolean {
  return isLate && foundBy > (beginningOf(frame, root)?.walk ?? Infinity);
}

/**
 * Another analyzer may stand there next time, and its root may have another tag; as far as the walk from the
 * computation's own root meets the analyzer or its root.
 */
function noteForeign(analyzer: object, binding: Binding, frame: Frame, own: Root): void {
  for (const object of [analyzer, binding.root.object.deref()]) {
    const path = object && own.reach.foreignPath(object);
    if (object !== undefined && path !== undefined) {
      note(frame, own, path, object);
      return;
    }
  }
}

/** An analyzer in more collections than that is taken to be met through those by which it is named, and the user's own. */
const FEW_COLLECTIONS = 8;

/** With one member more or less, another result would be made. */
function noteMembership(analyzer: object, root: Root, frame: Frame): void {
  const membership = root.reach.membershipOf(analyzer);
  if (membership === undefined) return;
  const { named, others } = membership;
  if (named === undefined) {
    frame.spoil('it uses an analyzer that lies too deep in collections for their members to be counted');
    return;
  }
  const isFew = others.length <= FEW_COLLECTIONS;
  const used = isFew ? others : others.filter(({ owner }) => owner?.deref() === frame.analyzer);
  for (const path of [...named, ...used.map((other) => other.path)]) noteMembers(path, root, frame);
}

function noteMembers(path: string, root: Root, frame: Frame): void {
  if (frame.uses.has(MembersUse.nameOf(root, path))) return;
  const collection = root.reach.collectionAt(path);
  const count = collection && memberCount(collection);
  if (count === undefined) return;
  const beginning = beginningOf(frame, root);
  const before = beginning === undefined ? count : root.reach.countAt(path, beginning.walk);
  if (before !== count && beginning?.isComplete === false)
    frame.spoil('it uses a collection that was filled before it began, or by itself: which is not known');
  frame.note(new MembersUse(root, path, count, before));
}

/**
 * The tag that a root has now of the class whose results a dataset holds, where no root has that dataset.
 * @param asker the root that uses them
 */
export function movedTo(
  tmpdir: string,
  call: { prefix: string; tag: string; rootClass: string },
  asker: Root | undefined,
): string | undefined {
  const scope = scopeText(tmpdir, call);
  const roots = taggedRoots();
  if (roots.some((root) => root.scope === scope) || isOwnPlace(scope)) return undefined;
  return roots.find((root) => root !== asker && root.className === call.rootClass)?.tag;
}
