/** A cached method that a cache depends on: when its result is another one, the cache is invalidated. */
import type { TracedCall } from '../../store/record/traced.js';
import { dependents, type Dependent } from '../../trace/dependents.js';
import type { Frame, Use } from '../../trace/frame.js';
import { methodResults, type KnownResult, type MethodReference } from '../../trace/results.js';

/** The cache, as what it depends on sees it. */
export interface Downstream {
  readonly name: string;
  readonly baseFolder: string;
  isClosed(): boolean;
  /** What it depends on is no longer what it was made of. */
  outdated(): void;
  /** What it depends on is to be looked at before the cache is used again. */
  lookAgain(): void;
}

export class Upstream implements Dependent {
  readonly name: string;
  /** The result that the contents were made of; `undefined` where there was none. */
  private made: TracedCall | undefined;
  /** Under which name, with which digest, it is entered among the dependents. */
  private entered: string | undefined;

  /** It keeps no analyzer alive. */
  private readonly instance: WeakRef<object>;
  private readonly call: Omit<MethodReference, 'instance'>;

  constructor(
    { instance, ...call }: MethodReference,
    private readonly cache: Downstream,
  ) {
    this.name = `cache ${cache.name}`;
    this.instance = new WeakRef(instance);
    this.call = call;
  }

  /** As the record of the cache says it. */
  get traced(): TracedCall | undefined {
    return this.made;
  }

  /**
   * Is the result still that of which the contents were made? A result that turns up for the first time is taken for
   * that.
   * @param saved trace of the record from which the contents were loaded, if they were
   */
  isStillRight(saved: readonly TracedCall[]): boolean {
    const known = this.look();
    // Nothing is known of a method whose analyzer has no tag, or is gone; when it gets one, it is looked at.
    if (known === undefined) return true;
    this.made ??= saved.find((item) => methodResults()?.nameOf(item, this.cache.baseFolder) === known.name);
    const { use } = known;
    if (this.made === undefined) this.made = this.tracedOf(use);
    else if (use?.digest !== this.made.digest || use.generation !== this.made.generation) return false;
    this.enter(known.name);
    return true;
  }

  /** The contents have just been made: of the results that their builder used, or else of those that are there now. */
  renew(frame?: Frame): void {
    this.made = undefined;
    const known = this.look();
    if (known === undefined) return;
    this.made = this.tracedOf(frame?.uses.get(known.name) ?? known.use);
    this.enter(known.name);
  }

  /** The contents are gone. */
  forget(): void {
    this.made = undefined;
  }

  drop(digest?: string): void {
    this.entered = undefined;
    // Contents that were made before there was a result were not made of it.
    if (this.made === undefined && digest !== undefined) this.cache.lookAgain();
    else this.cache.outdated();
  }

  isGone(): boolean {
    return this.cache.isClosed();
  }

  private look(): KnownResult | undefined {
    const instance = this.instance.deref();
    return instance && methodResults()?.look({ instance, ...this.call });
  }

  private tracedOf(use: Use | undefined): TracedCall | undefined {
    return use?.traced(this.cache.baseFolder, '') as TracedCall | undefined;
  }

  private enter(name: string): void {
    const digest = this.made?.digest ?? '';
    const key = `${name} ${digest}`;
    if (this.entered === key) return;
    this.entered = key;
    dependents.enter([{ name, digest }], this);
  }
}
