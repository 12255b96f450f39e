/** The window's server, on this host alone. */
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { serve as listen } from '@hono/node-server';
import { Watch } from '../watch/watch.js';
import { appOf } from './app.js';
import { newToken, type Door } from './guard.js';

export interface ServeOptions {
  /** The folder of tags, absolute. */
  folder: string;
  prefix: string | undefined;
  /** `0`: any that is free. */
  port: number;
  /** Ends it. */
  signal: AbortSignal;
  /** Is told the address with the token, once it is served. */
  onReady: (address: string) => void;
}

/**
 * Serves until it is told to end.
 * @throws CommandError where the folder of tags cannot be read; the system's error where the port is taken
 */
export async function serve({ folder, prefix, port, signal, onReady }: ServeOptions): Promise<void> {
  const watch = new Watch(folder, prefix);
  const door: Door = { token: newToken(), port };
  const ended = new AbortController();
  const until = AbortSignal.any([signal, ended.signal]);
  const app = appOf(watch, folder, door, until);
  const server = listen({ fetch: app.fetch, port, hostname: '127.0.0.1' }) as Server;
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      if (server.listening) resolve();
      else server.once('listening', resolve);
    });
    door.port = (server.address() as AddressInfo).port;
    const following = watch.follow(until);
    onReady(`http://127.0.0.1:${door.port}/#token=${door.token}`);
    await Promise.race([following, aborted(until)]);
  } finally {
    ended.abort();
    server.closeAllConnections();
    server.close();
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}
