/** A Redis of a spec's own, on loopback, that keeps nothing. */
import { Redis } from 'ioredis';
import { freePorts } from './free-ports.js';
import { requirePrograms } from './programs.js';
import { Service } from './service.js';

export class PrivateRedis implements AsyncDisposable {
  private constructor(
    private readonly server: Service,
    readonly url: string,
    /** Asks it, and looks on. */
    readonly client: Redis,
  ) {}

  /** Starts one; skips what is running where there is none. */
  static async start(context: Mocha.Context, name: string): Promise<PrivateRedis> {
    const [program = ''] = requirePrograms(context, name, ['redis-server']);
    const [port = 0] = await freePorts(1);
    const server = new Service(program, [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
    ]);
    const url = `redis://127.0.0.1:${String(port)}`;
    const client = new Redis(url, { lazyConnect: true, retryStrategy: () => 50, maxRetriesPerRequest: null });
    client.on('error', () => undefined);
    await client.ping();
    return new PrivateRedis(server, url, client);
  }

  /** Keys of what is claimed now. */
  claims(): Promise<string[]> {
    return this.client.keys('*:claim');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.disconnect();
    await this.server.kill();
  }
}
