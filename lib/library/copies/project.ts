/** The folder of the program's own project: what is installed is looked for there, and named from there. */
import * as fs from 'node:fs';
import { dirname, join, sep } from 'node:path';

/** Folders from which the program's packages are found: of its main script, and the one it was started in. */
export function projectFolders(): string[] {
  const [, main] = process.argv;
  const folders = [process.cwd()];
  if (main !== undefined) folders.unshift(dirname(realPath(main)));
  return [...new Set(folders)];
}

/** The folder with the `package.json` above the main script, or else the one the program was started in. */
export function projectFolder(): string {
  for (const start of projectFolders()) {
    // A tool that runs the program lies among the project's packages.
    const [own = start] = start.split(`${sep}node_modules${sep}`);
    for (let folder = own; ; folder = dirname(folder)) {
      if (fs.existsSync(join(folder, 'package.json'))) return folder;
      if (dirname(folder) === folder) break;
    }
  }
  return process.cwd();
}

function realPath(path: string): string {
  try {
    return fs.realpathSync(path);
  } catch {
    return path;
  }
}
