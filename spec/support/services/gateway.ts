/** Ceph's S3 gateway, started for a suite and ended with it: a real server, which checks signatures and has conditions. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { RemoteOptions } from 'stowage';

/** What it takes. */
export const GATEWAY_PROGRAMS = ['radosgw', 'ceph-mon', 'ceph-osd', 'radosgw-admin', 'ceph', 'monmaptool'];

const scriptAt = (name: string): string =>
  fileURLToPath(new URL(`../../../../spec/support/services/${name}`, import.meta.url));

export class Gateway {
  private constructor(
    private readonly folder: string,
    readonly endpoint: string,
  ) {}

  /** @param folder empty; @param users have the keys `AKuser` and `SKuser` */
  static async start(folder: string, ...users: string[]): Promise<Gateway> {
    const port = await threeFreePorts();
    execFileSync(scriptAt('gateway-up.sh'), [folder, String(port), ...users], { stdio: 'inherit' });
    return new Gateway(folder, `http://127.0.0.1:${String(port)}`);
  }

  stop(): void {
    execFileSync(scriptAt('gateway-down.sh'), [this.folder]);
  }

  /** What names it to Stowage, for a user. */
  optionsOf(user: string, secret = `SK${user}`): RemoteOptions {
    return {
      endpoint: this.endpoint,
      credentials: { accessKeyId: `AK${user}`, secretAccessKey: secret },
      key: 'a secret of enough letters',
    };
  }

  /** Stops its process, or lets it go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    process.kill(Number(readFileSync(`${this.folder}/run/client.rgw.pid`, 'utf8')), signal);
  }
}

/** The first of three ports in a row of which none is taken. */
async function threeFreePorts(): Promise<number> {
  for (;;) {
    const first = await freePort(0);
    const others = await Promise.all([freePort(first + 1), freePort(first + 2)]).catch(() => []);
    if (others.length === 2) return first;
  }
}

async function freePort(wanted: number): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(wanted, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}
