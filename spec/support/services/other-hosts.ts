/**
 * Other hosts, as far as one can stand for several: processes with pids and a hostname of their own, and folders that are mounted
 * as over a network. Where the system does not let us, what needs them is skipped, and it is said why.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requirePrograms } from './programs.js';
import { Service } from './service.js';

/** What runs a program as another host would. */
export function asHost(name: string): string[] {
  return [...NAMESPACES, 'sh', '-c', 'hostname "$0" && exec "$@"', name];
}

const NAMESPACES = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc', '--uts'];

/** What runs a program as another host would; nothing, and it is said, where the system does not let us. */
export function asHostIfAllowed(name: string, what: string): string[] {
  const objection = objectionToNamespaces();
  if (objection === undefined) return asHost(name);
  console.warn(`SKIPPED: ${what} on another host: no namespaces for pids and hostnames here: ${objection}`);
  return [];
}

/** Skips what is running where there are no namespaces. */
export function requireNamespaces(context: Mocha.Context, what: string): void {
  requirePrograms(context, what, ['unshare', 'hostname']);
  const objection = objectionToNamespaces();
  if (objection === undefined) return;
  console.warn(`SKIPPED: ${what}: no namespaces for pids and hostnames here: ${objection}`);
  context.skip();
}

function objectionToNamespaces(): string | undefined {
  const [program = '', ...args] = asHost('other');
  const { status, stderr, error } = spawnSync(program, [...args, 'true'], { encoding: 'utf8' });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
}

const SFTP_SERVER = '/usr/lib/openssh/sftp-server';

/** A folder as sshfs shows it, whose server runs without ssh between the two. */
export class Mount implements AsyncDisposable {
  private constructor(
    readonly path: string,
    private readonly sshfs: Service,
  ) {}

  /** @param home empty: of the mount and what it needs */
  static async of(context: Mocha.Context, what: string, folder: string, home: string): Promise<Mount> {
    const [sshfs = ''] = requirePrograms(context, what, ['sshfs', 'fusermount3']);
    const missing = [SFTP_SERVER, '/dev/fuse'].find((path) => !existsSync(path));
    if (missing !== undefined) return skip(context, what, `${missing} is not there`);
    const [path, server] = [join(home, 'mount'), join(home, 'server')];
    mkdirSync(path);
    writeFileSync(server, `#!/bin/sh\nexec ${SFTP_SERVER}\n`, { mode: 0o700 });
    writeFileSync(join(folder, 'mounted'), '');
    const service = new Service(sshfs, ['-f', '-o', `ssh_command=${server}`, `here:${folder}`, path]);
    try {
      await service.until(() => Promise.resolve(readdirSync(path).length > 0));
    } catch (error) {
      await service.kill();
      return skip(context, what, String(error));
    }
    return new Mount(path, service);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Told so, it takes the mount away.
    await this.sshfs.kill('SIGTERM');
  }
}

function skip(context: Mocha.Context, what: string, why: string): never {
  console.warn(`SKIPPED: ${what}: no mount by sshfs here: ${why} (apt-get install sshfs openssh-sftp-server)`);
  return context.skip();
}
