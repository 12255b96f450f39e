/** What there is to say something of in a part of a hierarchy: calls of attached analyzers, entries on disk, or both. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { storedEntries } from '../../store/maintain/clear.js';
import type { StoredEntry } from '../../store/record/stored-entry.js';
import { tagFolder } from '../../store/disk/place.js';
import { isSameOwner } from '../../store/record/same-owner.js';
import { identityText, sameIdentity, type Identity } from '../../store/record/identity.js';
import type { EntryRecord } from '../../store/record/record.js';
import { identityOf, placeUnder } from '../call/identity-of-call.js';
import { stateOf } from '../state/instance-state.js';
import { bindingOfMethod, locate, type LocatedCall } from '../call/locate.js';
import { everyCachedMethodOf, type MethodInfo } from '../state/method-info.js';
import { attachedTo, belongsTo, type Part } from '../hierarchy/subtree.js';
import type { Root } from '../state/root.js';
import { entryName } from '../state/use-name.js';

/** A call of an attached analyzer, an entry on disk, or both. */
export interface Subject {
  tmpdir: string;
  identity: Identity;
  stored?: StoredEntry;
  /** Absent where the analyzer is not attached now, or has no such method any more. */
  call?: LocatedCall;
  /** The arguments of a result in memory, as a record has them. */
  encodedArguments?: string | null | undefined;
  /** Why the call cannot even be located. */
  fault?: unknown;
}

/** The subjects of a part, each once. Gathering lets other work go on between one entry and the next. */
export class Subjects implements Iterable<Subject> {
  private readonly byName = new Map<string, Subject>();
  private readonly siblings = new Map<string, EntryRecord[]>();

  static async of(part: Part): Promise<Subjects> {
    const subjects = new Subjects();
    await subjects.addStored(
      part.root,
      (identity) => belongsTo(part, identity),
      (identity) => {
        const analyzer = part.root.reach.at(identity.instance);
        return analyzer === undefined ? undefined : callOf(analyzer, identity);
      },
    );
    for (const analyzer of [...attachedTo(part)]) {
      for (const info of everyCachedMethodOf(analyzer)) {
        await subjects.addStoredElsewhere(info, analyzer, part.root);
        subjects.addInMemory(info, analyzer);
        if (needsNoArguments(info)) subjects.addPlain(info, analyzer);
      }
    }
    return subjects;
  }

  [Symbol.iterator](): Iterator<Subject> {
    return this.byName.values();
  }

  /** Records of the stored calls of a method of an analyzer. */
  siblingsOf({ place, identity }: LocatedCall): readonly EntryRecord[] {
    return this.siblings.get(methodName(place.tmpdir, identity)) ?? [];
  }

  private async addStored(
    root: Root,
    isMeant: (identity: Identity) => boolean,
    callFor: (identity: Identity) => LocatedCall | undefined,
  ): Promise<void> {
    const { tmpdir, prefix, tag } = root;
    if (tag === undefined) return;
    for (const stored of storedEntries(tagFolder(tmpdir, prefix, tag))) {
      await nextTurn();
      const { identity } = stored.record;
      if (!isMeant(identity)) continue;
      const call = callFor(identity);
      // Another project's lies where none of this one's calls looks.
      const isOthers = call !== undefined && !isSameOwner(stored.record.package, call.place.owner);
      if (!isOthers) this.add({ tmpdir, identity, stored, ...(call !== undefined && { call }) });
      const method = methodName(tmpdir, identity);
      this.siblings.set(method, [...(this.siblings.get(method) ?? []), stored.record]);
    }
  }

  /** A method that has settings of its own has its results elsewhere. */
  private async addStoredElsewhere(info: MethodInfo, analyzer: object, root: Root): Promise<void> {
    const binding = bindingOfMethod(info, analyzer);
    if (binding === undefined || binding.root === root) return;
    const plain = identityOf(info, analyzer, binding, undefined);
    await this.addStored(
      binding.root,
      ({ key: _, ...identity }) => sameIdentity(identity, plain),
      (identity) => ({ info, analyzer, binding, identity, place: placeUnder(binding, identity) }),
    );
  }

  private addInMemory(info: MethodInfo, analyzer: object): void {
    for (const slot of stateOf(analyzer)?.memories[info.index]?.slots.values() ?? []) {
      if (slot.isGone()) continue;
      const { identity, encodedArguments, tmpdir } = slot.facts;
      const call = callOf(analyzer, identity);
      if (call !== undefined) this.add({ tmpdir, identity, call, encodedArguments });
    }
  }

  private addPlain(info: MethodInfo, analyzer: object): void {
    const binding = bindingOfMethod(info, analyzer);
    if (binding?.root.tag === undefined) return;
    const { tmpdir } = binding.root;
    try {
      const call = locate(info, analyzer, []);
      if (call !== undefined) this.add({ tmpdir, identity: call.identity, call });
    } catch (fault) {
      // What belongs to the analyzer hides its state, or its [cacheKey]() throws: so would the call.
      this.add({ tmpdir, identity: identityOf(info, analyzer, binding, undefined), fault });
    }
  }

  private add(subject: Subject): void {
    const name = entryName(subject.tmpdir, subject.identity);
    const known = this.byName.get(name);
    this.byName.set(name, known === undefined ? subject : { ...subject, ...known });
  }
}

/** Can it be called without arguments? The function itself says how many it cannot do without, where they are not ignored. */
export function needsNoArguments({ kind, original, options }: MethodInfo): boolean {
  return kind === 'getter' || original.length === 0 || options.ignore === 'arguments';
}

/** The call of an attached analyzer whose entry it is. */
function callOf(analyzer: object, identity: Identity): LocatedCall | undefined {
  for (const info of everyCachedMethodOf(analyzer)) {
    const binding = bindingOfMethod(info, analyzer);
    if (binding?.root.tag === undefined) continue;
    if (!sameIdentity(identityOf(info, analyzer, binding, identity.key), identity)) continue;
    return { info, analyzer, binding, identity, place: placeUnder(binding, identity) };
  }
  return undefined;
}

/** The same for all calls of one method of one analyzer. */
function methodName(tmpdir: string, { key: _, version: __, class: ___, ...identity }: Identity): string {
  return `${tmpdir}\0${identityText(identity)}`;
}
