/** A small server that speaks S3, for what a real one does not do when it is asked: fail, be slow, lie, and count. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { RemoteOptions } from 'stowage';

export interface Behaviour {
  /** Of every answer. */
  status?: number;
  /** So many answers have the status; without, all. */
  times?: number;
  /** Of requests of one kind alone. */
  method?: 'PUT';
  /** It takes requests, and never answers. */
  silent?: true;
  /** `false`: it passes over them, `'unknown'`: it says that it does not know them. */
  conditions?: boolean | 'unknown';
  /** Ends an object's body after so many bytes. */
  cut?: number;
  /** How many objects a page of a list has. */
  page?: number;
}

export interface ToLittleS3 {
  id: number;
  behave?: Behaviour;
  change?: Record<string, Uint8Array | null>;
}

export interface FromLittleS3 {
  id: number;
  seen: string[];
  objects: Record<string, Uint8Array>;
}

export class LittleS3 {
  private last = 0;

  private constructor(
    private readonly worker: Worker,
    readonly port: number,
  ) {}

  static async start(): Promise<LittleS3> {
    const worker = new Worker(new URL('little-s3-thread.js', import.meta.url));
    worker.unref();
    const [port] = (await once(worker, 'message')) as [number];
    return new LittleS3(worker, port);
  }

  /** What names it to Stowage. */
  get options(): RemoteOptions {
    return {
      endpoint: `http://127.0.0.1:${String(this.port)}`,
      credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
      key: 'a secret of enough letters',
    };
  }

  /** What it was asked since this was called last: `GET` and the name. */
  async seen(): Promise<string[]> {
    return (await this.tell({})).seen;
  }

  async objects(): Promise<Record<string, Uint8Array>> {
    return (await this.tell({})).objects;
  }

  async behave(behave: Behaviour): Promise<void> {
    await this.tell({ behave });
  }

  /** Puts objects there, or removes them, behind everybody's back. */
  async change(change: Record<string, Uint8Array | null>): Promise<void> {
    await this.tell({ change });
  }

  async stop(): Promise<void> {
    await this.worker.terminate();
  }

  private async tell(message: Omit<ToLittleS3, 'id'>): Promise<FromLittleS3> {
    const id = ++this.last;
    this.worker.postMessage({ id, ...message });
    for (;;) {
      const [told] = (await once(this.worker, 'message')) as [FromLittleS3];
      if (told.id === id) return told;
    }
  }
}
