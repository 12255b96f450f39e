/** One save at a time; what is asked for meanwhile is done once, after it, however often it was asked for. */
export class SaveQueue {
  private running: Promise<void> | undefined;
  private next: Promise<void> | undefined;

  constructor(private readonly save: () => Promise<void>) {}

  get isBusy(): boolean {
    return this.running !== undefined || this.next !== undefined;
  }

  /** Settles as the save that saves what is there now. */
  async request(): Promise<void> {
    if (!this.isBusy) return this.run(this.save());
    const again = async (): Promise<void> => {
      this.next = undefined;
      return this.run(this.save());
    };
    this.next ??= (this.running ?? Promise.resolve()).then(again, again);
    return this.next;
  }

  /** A save that somebody else has begun. */
  async run(save: Promise<void>): Promise<void> {
    const running = save.finally(() => {
      this.running = undefined;
    });
    this.running = running;
    return running;
  }

  /** Resolves when nothing is being saved. */
  async idle(): Promise<void> {
    while (this.isBusy) await (this.next ?? this.running)?.catch(() => undefined);
  }
}
