/** From a command line to an exit code. */
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { StowageError } from '../base/errors.js';
import { isError } from '../base/thrown.js';
import { VERSION } from '../base/version.js';
import { tmpdirOf } from '../key/names/folder-name.js';
import { defaultTmpdir } from '../store/disk/default-tmpdir.js';
import type { CommandRow, OptionRow, CommonOptions, Work } from './terminal/command.js';
import { COMMANDS } from './commands/commands.js';
import { UsageError } from './terminal/errors.js';
import { EXIT_CODE, EXIT_CODE_HELP } from './terminal/exit-code.js';
import type { Io } from './terminal/io.js';
import { Terminal } from './terminal/terminal.js';

const SHARED_OPTIONS: readonly OptionRow[] = [
  {
    flags: '--tmpdir <folder>',
    description:
      "the folder of tags, or 'temporary' (default: STOWAGE_TMPDIR, else this project's in your cache folder)",
  },
  { flags: '--prefix <prefix>', description: 'only folders whose name begins with it (default: any)' },
  { flags: '--json', description: 'answer with one JSON document' },
];

/**
 * Runs a command line.
 * @param argv without the program's own name
 * @returns the exit code; nothing is thrown for what a user can do wrong
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let code: number = EXIT_CODE.fine;
  const program = new Command('stowage')
    .description('Shows, checks and clears what Stowage has stored.')
    .version(VERSION)
    .addHelpText('after', `\n${EXIT_CODE_HELP}`)
    .helpCommand(false);
  prepare(program, io);
  for (const row of COMMANDS) {
    const command = prepare(program.command(row.name), io).description(row.description);
    for (const argument of row.arguments) command.argument(...argument);
    for (const option of [...(row.options ?? []), ...SHARED_OPTIONS]) addOption(command, option);
    command.action(async (...given: unknown[]) => {
      code = await perform(row, command, given, io);
    });
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODE.fine : EXIT_CODE.usage;
    throw error;
  }
}

/** Errors of the command line go to the surroundings, with a usage line, and end nothing but the command. */
function prepare(command: Command, io: Io): Command {
  return command.exitOverride().configureOutput({
    writeOut: (text) => void io.stdout.write(text),
    writeErr: (text) => void io.stderr.write(text),
    outputError: (text, write) => {
      write(`${text.replace(/^error:/, 'stowage:')}${usageLine(command)}`);
    },
  });
}

function usageLine(command: Command): string {
  const path = command.parent === null ? command.name() : `${command.parent.name()} ${command.name()}`;
  return `Usage: ${path} ${command.usage()}\n`;
}

function addOption(command: Command, { flags, description, parse }: OptionRow): void {
  if (parse === undefined) {
    command.option(flags, description);
    return;
  }
  command.option(flags, description, (text: string) => {
    try {
      return parse(text);
    } catch (error) {
      if (error instanceof UsageError) throw new InvalidArgumentError(error.message);
      throw error;
    }
  });
}

async function perform(row: CommandRow, command: Command, given: unknown[], io: Io): Promise<number> {
  const options = command.opts<CommonOptions>();
  const terminal = new Terminal(io, options.json === true);
  try {
    // `--tmpdir=~/results` is no word that a shell expands.
    const tmpdir = options.tmpdir === undefined ? defaultTmpdir(io.env) : tmpdirOf(options.tmpdir);
    const { work } = await row.load();
    return await (work as Work)(argumentsIn(given), options, { terminal, tmpdir, prefix: options.prefix });
  } catch (error) {
    if (!(error instanceof StowageError) && !isSystemError(error)) throw error;
    terminal.note(`stowage ${row.name}: ${error.message}`);
    if (!(error instanceof UsageError)) return EXIT_CODE.found;
    io.stderr.write(usageLine(command));
    return EXIT_CODE.usage;
  }
}

/** Commander hands over the arguments, single ones and lists, then the options and the command. */
function argumentsIn(given: readonly unknown[]): string[] {
  return given
    .slice(0, -2)
    .flat()
    .filter((argument) => typeof argument === 'string');
}

/** What the file system says is for the user; anything else is a mistake of ours, and ends with its stack. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return isError(error) && typeof (error as NodeJS.ErrnoException).code === 'string' && 'syscall' in error;
}
