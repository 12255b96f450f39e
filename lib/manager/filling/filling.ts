/** Whether the contents of a cache are there, and how they come to be. */
import { isPromise } from 'node:util/types';
import { Later, perform, run, type Flow } from '../../base/run/flow.js';
import { CacheNotReadyError } from '../contract/errors.js';
import { inBackground, quietly } from '../contract/quietly.js';

type State<Contents> =
  | { kind: 'absent' }
  | { kind: 'filling' }
  | { kind: 'pending'; promise: Promise<void> }
  | { kind: 'failed'; error: unknown }
  | { kind: 'ready'; contents: Contents };

/** What makes contents; `undefined` where there are none, so that they are made when they are next used. */
type Make<Contents> = () => Flow<Contents | undefined>;

export class Filling<Contents> {
  private state: State<Contents> = { kind: 'absent' };
  /** Goes up when the contents become others: work under way for the ones before is void. */
  private epoch = 0;

  /**
   * @param name of the cache
   * @param make is called where there are no contents, and must end in some
   */
  constructor(
    private readonly name: string,
    private readonly make: Make<Contents>,
  ) {}

  get kind(): State<Contents>['kind'] {
    return this.state.kind;
  }

  /** The contents, if they are there. */
  get held(): Contents | undefined {
    return this.state.kind === 'ready' ? this.state.contents : undefined;
  }

  hold(contents: Contents): void {
    this.epoch++;
    this.state = { kind: 'ready', contents };
  }

  letGo(): void {
    this.epoch++;
    this.state = { kind: 'absent' };
  }

  /** The contents, made if that can be done at once. @throws CacheNotReadyError where it cannot, or where it failed */
  present(): Contents {
    if (this.state.kind === 'absent') inBackground(this.fill());
    const { state } = this;
    switch (state.kind) {
      case 'ready':
        return state.contents;
      case 'failed':
        throw new CacheNotReadyError(
          `the cache '${this.name}' has no contents, since loading or building them failed: ${String(state.error)}; reload or rebuild it`,
          { cause: state.error },
        );
      case 'filling':
        throw this.neededByItself();
      default:
        throw new CacheNotReadyError(
          `the cache '${this.name}' is not ready, since what loads or builds it is asynchronous: await its ready before it is used`,
        );
    }
  }

  /**
   * Resolves when the contents are there; what overtakes them is waited for, too.
   * @throws CacheNotReadyError where what makes them asks for them
   */
  async ready(): Promise<void> {
    for (;;) {
      if (this.state.kind === 'absent') inBackground(this.fill());
      const { state } = this;
      if (state.kind === 'ready') return;
      if (state.kind === 'failed') throw state.error;
      if (state.kind === 'filling') throw this.neededByItself();
      if (state.kind === 'pending') await state.promise;
    }
  }

  /**
   * Makes the contents. Where making them is asynchronous, the answer is a promise, and until it resolves they are not
   * there.
   * @throws what `make` throws at once; then they are as absent as before
   */
  fill(make: Make<Contents> = this.make): Promise<void> | undefined {
    const epoch = ++this.epoch;
    this.state = { kind: 'filling' };
    let made: Contents | undefined | Promise<Contents | undefined>;
    try {
      made = run(make());
    } catch (error) {
      if (this.epoch === epoch) this.state = { kind: 'absent' };
      throw error;
    }
    if (!isPromise(made)) {
      this.accept(epoch, made);
      return undefined;
    }
    const promise = made.then(
      (contents) => {
        this.accept(epoch, contents);
      },
      (error: unknown) => {
        if (this.epoch !== epoch) return;
        this.state = { kind: 'failed', error };
        throw error;
      },
    );
    this.state = { kind: 'pending', promise };
    return quietly(promise);
  }

  /** The same on the way of something else. */
  *filled(make?: Make<Contents>): Flow<void> {
    yield* perform<unknown>({
      sync: () => {
        const promise = this.fill(make);
        return promise && new Later(promise);
      },
      async: async () => this.fill(make),
    });
  }

  private neededByItself(): CacheNotReadyError {
    return new CacheNotReadyError(`the cache '${this.name}' is needed to load or build itself`);
  }

  private accept(epoch: number, contents: Contents | undefined): void {
    if (this.epoch === epoch) this.state = contents === undefined ? { kind: 'absent' } : { kind: 'ready', contents };
  }
}
