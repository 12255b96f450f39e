/** The package as a user has it: packed, unpacked into an empty folder, its dependencies beside it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const checkout = fileURLToPath(new URL('../../..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as {
  bin: Record<string, string>;
  dependencies: Record<string, string>;
};

/** Packs the checkout as it is built, and unpacks it as `node_modules/stowage`, with its command: nothing else is there. */
export function install(folder: string): void {
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
  const said = execFileSync('npm', pack, { cwd: checkout, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const name = said.trim().split('\n').at(-1) ?? '';
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  execFileSync('tar', ['-xzf', join(folder, name), '-C', join(folder, 'node_modules')]);
  const unpacked = join(folder, 'node_modules', 'stowage');
  renameSync(join(folder, 'node_modules', 'package'), unpacked);
  mkdirSync(join(folder, 'node_modules', '.bin'), { recursive: true });
  for (const [command, file] of Object.entries(manifest.bin)) {
    // npm gives the right to run it.
    chmodSync(join(unpacked, file), 0o755);
    symlinkSync(join(unpacked, file), join(folder, 'node_modules', '.bin', command));
  }
}

/**
 * What npm would fetch: links to the checkout's copies of the dependencies that package.json declares for users, and of
 * `more` that a user installs. One that is used but not declared is not found.
 */
export function linkDependencies(folder: string, ...more: string[]): void {
  for (const name of [...Object.keys(manifest.dependencies), ...more]) {
    if (!existsSync(join(folder, 'node_modules', name))) link(folder, name);
  }
}

/** Links to the checkout's copy of one package. */
export function link(folder: string, name: string): void {
  const path = join(folder, 'node_modules', name);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(join(checkout, 'node_modules', name), path, 'junction');
}

/** Writes files, with the folders that they lie in; what is not text becomes JSON. */
export function write(folder: string, files: Record<string, unknown>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
}

/** Compiles the projects of a solution, in one run of the user's compiler. @returns its complaints, a line each */
export function compile(folder: string): string[] {
  const tsc = join(checkout, 'node_modules', 'typescript', 'bin', 'tsc');
  const { stdout, stderr } = spawnSync(process.execPath, [tsc, '-b', '.'], { cwd: folder, encoding: 'utf8' });
  return (stdout + stderr).split('\n').filter((line) => line !== '');
}

/** Runs Node, or another program, in a cache folder of the user's. @returns what it printed, warnings included */
export function run(folder: string, args: readonly string[], program = process.execPath): string {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, STOWAGE_TMPDIR: join(folder, 'cache') },
  });
  return status === 0 ? stdout + stderr : `ended with ${String(status)}\n${stdout}${stderr}`;
}
