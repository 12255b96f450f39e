/** Programs of the system that some specs need: where one is absent, they are skipped, and it is said which. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Debian's packages of the programs. */
const PACKAGES: Record<string, string> = {
  chromium: 'chromium',
  parallel: 'parallel',
  munged: 'munge',
  slurmctld: 'slurmctld',
  slurmd: 'slurmd',
  sbatch: 'slurm-client',
  'redis-server': 'redis-server',
  radosgw: 'radosgw',
  'radosgw-admin': 'radosgw',
  'ceph-mon': 'ceph-mon',
  'ceph-osd': 'ceph-osd',
  ceph: 'ceph-common',
  monmaptool: 'ceph-base',
  unshare: 'util-linux',
  sshfs: 'sshfs',
  fusermount3: 'fuse3',
};

/** Skips what is running where a program is absent. @returns the paths of the programs */
export function requirePrograms(context: Mocha.Context, name: string, programs: readonly string[]): string[] {
  const paths = programs.map(pathOf);
  const missing = programs.filter((_, place) => paths[place] === undefined);
  if (missing.length === 0) return paths as string[];
  const packages = missing.map((program) => PACKAGES[program] ?? program).join(' ');
  console.warn(`SKIPPED: ${name}: ${missing.join(', ')} not found (apt-get install ${packages})`);
  return context.skip();
}

function pathOf(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  return folders.map((folder) => join(folder, program)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
