import { isPromise } from 'node:util/types';

/** One save at a time; saves requested meanwhile are done as one, after it. */
export class SaveQueue {
  /** Resolves when the save that is at work has ended, whichever way. */
  private running: Promise<void> | undefined;
  private next: Promise<void> | undefined;

  constructor(private readonly save: () => Promise<void>) {}

  get isBusy(): boolean {
    return this.running !== undefined || this.next !== undefined;
  }

  /** Settles as the save of the present contents does. */
  async request(): Promise<void> {
    if (!this.isBusy) return this.run(this.save);
    this.next ??= (this.running ?? Promise.resolve()).then(async () => {
      this.next = undefined;
      return this.run(this.save);
    });
    return this.next;
  }

  /**
   * Saves now. It counts as at work from its first step on: a saver may ask for another save, or end the process.
   * @throws what `save` throws at once
   */
  run<Saving extends void | Promise<void>>(save: () => Saving): Saving {
    let end = (): void => undefined;
    const running = new Promise<void>((resolve) => {
      end = resolve;
    });
    const finish = (): void => {
      if (this.running === running) this.running = undefined;
      end();
    };
    this.running = running;
    let saving: Saving;
    try {
      saving = save();
    } catch (error) {
      finish();
      throw error;
    }
    if (isPromise(saving)) saving.then(finish, finish);
    else finish();
    return saving;
  }

  /** Resolves when nothing is being saved. */
  async idle(): Promise<void> {
    while (this.isBusy) await (this.next ?? this.running)?.catch(() => undefined);
  }
}
