/** What a command of `stowage` is: a row of the table of commands, and a module that is loaded when it is called. */
import type { Terminal } from './terminal.js';

/** Options that every command has. */
export interface CommonOptions {
  /** The folder of tags. */
  tmpdir?: string;
  /** Only folders of this prefix. */
  prefix?: string;
  json?: true;
}

/** What a command gets beside its own arguments. */
export interface Context {
  terminal: Terminal;
  /** The folder of tags, absolute. */
  tmpdir: string;
  prefix: string | undefined;
}

/** The work of a command. Its arguments come one after the other, lists taken apart. @returns the exit code */
export type Work<Options extends object = object> = (
  args: string[],
  options: Options,
  context: Context,
) => Promise<number>;

/** An option as commander takes it. */
export interface OptionRow {
  flags: string;
  description: string;
  /** Reads its value. @throws UsageError where it makes no sense */
  parse?: (text: string) => unknown;
}

/** A row of the table of commands. */
export interface CommandRow {
  name: string;
  description: string;
  /** Its arguments as commander writes them, `<entry>` or `[patterns...]`, and what they are. */
  arguments: readonly (readonly [usage: string, description: string])[];
  options?: readonly OptionRow[];
  load: () => Promise<{ work: Work<never> }>;
}
