/** What a computation can use beside cached results: files and parameters. */
import { resolve } from 'node:path';
import { callKeyDigest } from '../../key/canonical/canonical.js';
import type { TracedFile, TracedParameter } from '../../store/record/traced.js';
import { storedFolder, storedPath } from '../../base/files/data-roots.js';
import { stateOfFile, type FileState } from '../../trace/file-state.js';
import type { Use } from '../../trace/frame.js';
import { parameterName } from '../../trace/names.js';
import type { Binding } from '../state/binding.js';
import { bindingOf } from '../state/instance-state.js';
import type { Root } from '../state/root.js';

/** Stands for all that belongs to an analyzer. */
export const EVERY_PARAMETER = '*';

/** Stands for the parameters of others of which cannot be seen that they are read. No parameter has such a label. */
export const UNWATCHED_PARAMETERS = '~unwatched';

/** Stands for how many members a collection of analyzers has. */
export const MEMBER_COUNT_OF = '~members';

/** Stands for what stands at a path: an analyzer of which class, or of which other root. */
export const STANDING = '~standing';

/** In the place of a digest: there was nothing. */
export const ABSENT = 'absent';

const UNKNOWN = 'unknown';

/** What cannot be read, a folder for example, is never what it was: nothing that is made of it is stored. */
function stateOrUnknown(path: string): FileState {
  try {
    return stateOfFile(path);
  } catch {
    return { bytes: 0, mtimeNs: '0', checksum: UNKNOWN };
  }
}

/** A declared file: its content is taken when it is declared, and again before the result is committed. */
export class FileUse implements Use {
  readonly path: string;
  readonly state: FileState;

  constructor(path: string) {
    this.path = resolve(path);
    this.state = stateOrUnknown(this.path);
  }

  get name(): string {
    return `file ${this.path}`;
  }

  get digest(): string {
    return this.state.checksum;
  }

  hasChanged(): boolean {
    const { checksum } = stateOrUnknown(this.path);
    return checksum === UNKNOWN || checksum !== this.state.checksum;
  }

  drop(): void {
    // A file is not ours to let go of.
  }

  traced(tmpdir: string): TracedFile {
    return { file: storedPath(this.path, tmpdir), ...this.state };
  }
}

/** Digest of a parameter's value, as in a call key. @throws UnkeyableArgumentError where it hides its state */
export function parameterDigest(value: unknown): string {
  return callKeyDigest([value], { identify: placeOfAnalyzer }) ?? 'undefined';
}

/** An analyzer as the value of a parameter is known by its place. */
function placeOfAnalyzer(object: object): string | undefined {
  const binding = bindingOf(object);
  return binding === undefined ? undefined : `${binding.root.storedDataset}\0${binding.path}`;
}

/** A parameter of an analyzer that was read; `'*'` for all that belongs to an analyzer of which a method was called. */
export class ParameterUse implements Use {
  readonly digest: string;

  constructor(
    private readonly binding: Binding,
    readonly parameter: string,
    private readonly read: () => unknown,
    /** Did the computation itself attach the analyzer? Before it does so again there is none. */
    private readonly isAttached = false,
  ) {
    this.digest = parameterDigest(read());
  }

  get name(): string {
    return parameterName(this.binding.root.scope, this.binding.path, this.parameter);
  }

  hasChanged(): boolean {
    return parameterDigest(this.read()) !== this.digest;
  }

  drop(): void {
    // What was computed from it is dropped when it is set.
  }

  traced(tmpdir: string, scope: string): TracedParameter {
    const { root, path } = this.binding;
    const traced = tracedAt(root, path, this, tmpdir, scope);
    return this.isAttached ? { ...traced, before: ABSENT } : traced;
  }
}

/** How many members the collection has of which an analyzer is one: with one more or less, another result would be made. */
export class MembersUse implements Use {
  readonly name: string;
  readonly digest: string;

  /**
   * @param path of the collection
   * @param before how many there were when the computation began, which may have filled it itself
   */
  constructor(
    private readonly root: Root,
    private readonly path: string,
    private readonly count: number,
    private readonly before: number,
  ) {
    this.name = MembersUse.nameOf(root, path);
    this.digest = parameterDigest(count);
  }

  static nameOf(root: Root, path: string): string {
    return parameterName(root.scope, path, MEMBER_COUNT_OF);
  }

  hasChanged(): boolean {
    // Members that the computation itself adds are its own business.
    return false;
  }

  drop(): void {
    // No value of it is kept.
  }

  traced(tmpdir: string, scope: string): TracedParameter {
    const { root, path, digest, count, before } = this;
    const traced = tracedAt(root, path, { parameter: MEMBER_COUNT_OF, digest }, tmpdir, scope);
    return before === count ? traced : { ...traced, before: parameterDigest(before) };
  }
}

/** As a record says what belongs to an analyzer. @param scope of the result that used it */
export function tracedAt(
  root: Root,
  instance: string,
  { parameter, digest }: { parameter: string; digest: string },
  tmpdir: string,
  scope: string,
): TracedParameter {
  const { prefix, tag = '', className: rootClass } = root;
  const elsewhere = { ...(root.tmpdir !== tmpdir && { tmpdir: storedFolder(root.tmpdir) }), prefix, tag, rootClass };
  return { parameter, instance, ...(root.scope !== scope && { root: elsewhere }), digest };
}
