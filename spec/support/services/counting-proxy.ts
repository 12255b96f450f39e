/** A proxy before a server, which says what that was asked. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

export class CountingProxy implements AsyncDisposable {
  private constructor(
    private readonly thread: Worker,
    readonly endpoint: string,
  ) {}

  /** @param server its URL */
  static async before(server: string): Promise<CountingProxy> {
    const thread = new Worker(new URL('counting-proxy-thread.js', import.meta.url), { workerData: server });
    thread.unref();
    const [port] = (await once(thread, 'message')) as [number];
    return new CountingProxy(thread, `http://127.0.0.1:${String(port)}`);
  }

  /** What was asked since this was called last: the verb, and the path with its query. */
  async seen(): Promise<string[]> {
    const answer = once(this.thread, 'message');
    this.thread.postMessage('seen');
    return ((await answer) as [string[]])[0];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.thread.terminate();
  }
}
