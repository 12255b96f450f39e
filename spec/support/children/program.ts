/** A program of several files that is run again and again, each time as a new process, with edits in between. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { transformSync } from 'esbuild';

const runFile = promisify(execFile);

/** What a run of a program said: the JSON of its last line. */
export interface Told {
  /** What its calls returned. */
  values: unknown[];
  /** Methods that ran, in order. */
  ran: string[];
  /** What `explain` said of the last call before it was made. */
  state: string;
  reasons: string[];
  /** Of `stale` events, by method. */
  stale: Record<string, string>;
  warnings: string[];
}

/** The same decorators as the spec that uses it was compiled with. */
const experimentalDecorators = !import.meta.filename.includes(join('build', 'standard'));

const main = `
import { accept, configure, events, explain, setTag, setTmpdir } from 'stowage';
import { runs } from './runs.js';
import { calls, root } from './night.js';

const [tmpdir, settings = '{}', ...verbs] = process.argv.slice(2);
configure(JSON.parse(settings));
const stale = {};
events.on('stale', ({ method, reason }) => { stale[method] = reason; });
const warnings = [];
process.on('warning', ({ message }) => warnings.push(message));
setTmpdir(root, tmpdir);
setTag(root, 't');
if (verbs.includes('accept')) accept(root);
const [analyzer, method, ...args] = calls.at(-1);
const { state, reasons } = explain(analyzer, method, ...args);
const values = [];
for (const [analyzer, method, ...args] of calls) values.push(await analyzer[method](...args));
await new Promise((resolve) => setImmediate(resolve));
console.log(JSON.stringify({ values, ran: runs, state, reasons, stale, warnings }));
`;

const runsModule = `
export const runs = [];
export function ran(name) { runs.push(name); }
`;

export class Program {
  private readonly files: Map<string, string>;

  /**
   * @param folder is made where it is not there
   * @param files TypeScript by name; `night` exports the `root` and the `calls` to be made: analyzer, name of a method,
   * arguments
   */
  constructor(
    private readonly folder: string,
    files: Readonly<Record<string, string>>,
    name = 'observatory',
  ) {
    this.files = new Map(Object.entries({ main, runs: runsModule, ...files }));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', name }));
    for (const file of this.files.keys()) this.write(file);
  }

  /** Edits a file, in which the text must stand once. */
  edit(file: string, from: string, to: string): void {
    const source = this.files.get(file) ?? '';
    if (source.split(from).length !== 2) throw new Error(`${file} has '${from}' not once`);
    this.files.set(
      file,
      source.replace(from, () => to),
    );
    this.write(file);
  }

  run(tmpdir: string, options?: RunOptions): Told {
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      this.commandLine(tmpdir, options),
      this.circumstances(),
    );
    if (status !== 0) throw new Error(`the program failed:\n${stderr}`);
    return toldIn(stdout);
  }

  /** Runs it beside others. */
  async start(tmpdir: string, options?: RunOptions): Promise<Told> {
    const { stdout } = await runFile(process.execPath, this.commandLine(tmpdir, options), this.circumstances());
    return toldIn(stdout);
  }

  private commandLine(tmpdir: string, { settings = {}, flags = [], verbs = [] }: RunOptions = {}): string[] {
    return ['--no-warnings', ...flags, join(this.folder, 'main.js'), tmpdir, JSON.stringify(settings), ...verbs];
  }

  private circumstances(): { encoding: 'utf8'; cwd: string; maxBuffer: number } {
    return { encoding: 'utf8', cwd: this.folder, maxBuffer: 1 << 28 };
  }

  private write(file: string): void {
    const { code } = transformSync(this.files.get(file) ?? '', {
      loader: 'ts',
      format: 'esm',
      target: 'es2022',
      tsconfigRaw: { compilerOptions: { experimentalDecorators, useDefineForClassFields: !experimentalDecorators } },
    });
    const linked = code.replaceAll(/(["'])(stowage(?:\/\w+)?)\1/g, (_, _quote, name: string) =>
      JSON.stringify(import.meta.resolve(name)),
    );
    writeFileSync(join(this.folder, `${file}.js`), linked);
  }
}

function toldIn(stdout: string): Told {
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Told;
}

export interface RunOptions {
  /** For `configure`. */
  settings?: object;
  /** Of Node. */
  flags?: readonly string[];
  verbs?: readonly 'accept'[];
}

/** A record's text in a file of the store. */
export function recordIn(tmpdir: string, name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(tmpdir, 'cachet', `${name}.json`), 'utf8')) as Record<string, unknown>;
}
