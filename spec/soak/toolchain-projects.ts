/** Projects for toolchains that are installed for these soaks alone: .ci/toolchains. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { install, linkDependencies, run, write } from '../package/installed.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const pinned = fileURLToPath(new URL('../../../.ci/toolchains/', import.meta.url));

/** A test that runs it all, as Jest and Vitest have them. */
export const testing = "\ntest('use', async () => { console.log(await use()); }, 60_000);\n";

/** A folder with all toolchains and the packed package, and projects in it. */
export class Toolchains {
  readonly folder = temporaryFolder();

  constructor() {
    for (const name of ['package.json', 'package-lock.json']) cpSync(join(pinned, name), join(this.folder, name));
    execFileSync('npm', ['ci', '--silent', '--ignore-scripts'], { cwd: this.folder, stdio: 'inherit' });
    install(this.folder);
    linkDependencies(this.folder);
  }

  /** A new project. @returns its folder */
  project(name: string, files: Record<string, unknown>): string {
    const path = join(this.folder, name);
    write(path, { 'package.json': { type: 'module' }, 'data.txt': 'data', ...files });
    return path;
  }

  /** Runs a file of an installed package under Node. @returns what it printed */
  run(project: string, file: string, ...args: string[]): string {
    return run(project, [this.file(file), ...args]);
  }

  file(name: string): string {
    return join(this.folder, 'node_modules', name);
  }

  /** A program that a package has for this machine; `undefined` where it has none. */
  program(...files: string[]): string | undefined {
    return files.map((file) => this.file(file)).find((file) => existsSync(file));
  }

  require<T>(name: string): T {
    return createRequire(join(this.folder, 'main.js'))(name) as T;
  }
}

let installed: Toolchains | undefined;

/** The toolchains, which are installed once. */
export function toolchains(): Toolchains {
  return (installed ??= new Toolchains());
}
