/** The Node.js versions that the project promises to work on, as programs to run. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One version and where its program is. */
export interface NodeProgram {
  major: number;
  program: string;
}

const MAJORS = [20, 22, 24, 26] as const;

/** Where `npm run runtimes` puts other versions, as `node-22/bin/node`; the environment may name another folder. */
const FOLDER =
  process.env.STOWAGE_NODES ?? fileURLToPath(new URL('../../../../.ci/runtimes/node_modules', import.meta.url));

/**
 * The versions that are installed: the running one, and those that `npm run runtimes` has fetched. What is missing is
 * said on the standard output.
 */
export function installedNodes(): NodeProgram[] {
  const running = Number(process.versions.node.split('.')[0]);
  return MAJORS.flatMap((major) => {
    if (major === running) return [{ major, program: process.execPath }];
    const program = `${FOLDER}/node-${major}/bin/node`;
    if (existsSync(program)) return [{ major, program }];
    console.log(`SKIPPED: node ${major}: ${program} is not there; npm run runtimes fetches it`);
    return [];
  });
}

/** Runs a script of the compiled specs; throws with its output if it fails. */
export function runScript({ program }: NodeProgram, script: URL, ...args: string[]): string {
  return execFileSync(program, [fileURLToPath(script), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
