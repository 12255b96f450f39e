/** All cached methods that a cache depends on. */
import type { TracedCall } from '../../store/record/traced.js';
import type { Frame } from '../../trace/frame.js';
import { whenResultsMove, type MethodReference } from '../../trace/results.js';
import { Upstream, type Downstream } from './upstream.js';

export class Upstreams {
  private readonly list: Upstream[] = [];
  /** Trace of the record from which the contents were loaded. */
  private saved: readonly TracedCall[] = [];
  private mustLook = false;
  private stopWatching: (() => void) | undefined;

  constructor(private readonly cache: Downstream) {}

  get areNone(): boolean {
    return this.list.length === 0;
  }

  /** What a record says of them. */
  get traced(): TracedCall[] {
    return this.list.map(({ traced }) => traced).filter((item) => item !== undefined);
  }

  add(reference: MethodReference): void {
    this.list.push(new Upstream(reference, this.cache));
    this.stopWatching ??= whenResultsMove(() => {
      this.mustLook = true;
    });
    this.mustLook = true;
  }

  /** They are to be looked at before the contents are used again. */
  lookAgain(): void {
    this.mustLook = true;
  }

  /** Are the contents still made of what there is? Looks only where something may be different. */
  areStillRight(): boolean {
    if (!this.mustLook) return true;
    // First, since looking may lead here again.
    this.mustLook = false;
    return this.list.every((upstream) => upstream.isStillRight(this.saved));
  }

  /** The contents were loaded, with what their record says. */
  loaded(saved: readonly TracedCall[]): void {
    this.forget();
    this.saved = saved;
    this.mustLook = !this.areNone;
  }

  /** The contents were made by a builder, in a frame that knows what it used. */
  built(frame: Frame | undefined): void {
    this.saved = [];
    for (const upstream of this.list) upstream.renew(frame);
    // What it used may have changed since.
    this.mustLook = !this.areNone;
  }

  /** The contents are gone. */
  forget(): void {
    this.saved = [];
    for (const upstream of this.list) upstream.forget();
  }

  close(): void {
    this.stopWatching?.();
  }
}
