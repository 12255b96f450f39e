/** The commands of `stowage`, in the order of the help. */
import type { CommandRow, OptionRow } from '../terminal/command.js';
import { parseAge, parseCount, parseNumber, parsePart, parsePort, parseSize } from '../terminal/quantity.js';

const PATTERNS = [
  '[patterns...]',
  'tags, or entries as tag/entry or tag/entry/key; * stands for any characters',
] as const;
const ENTRY = [
  '<entry>',
  'tag/entry, tag/entry/beginning-of-key, the entry alone where no other tag has it, or a file',
] as const;

const REMOTE_OPTION: OptionRow = {
  flags: '--remote <url>',
  description: 's3://bucket/prefix or file:///folder (default: STOWAGE_REMOTE)',
};
const yes: OptionRow = { flags: '-y, --yes', description: 'do not ask' };
const dryRun: OptionRow = { flags: '-n, --dry-run', description: 'only say what would be removed' };

export const COMMANDS: readonly CommandRow[] = [
  {
    name: 'ls',
    description: 'list tags: entries, size, seconds invested, last use; and the entries of tag/*',
    arguments: [PATTERNS],
    load: () => import('./ls.js'),
  },
  {
    name: 'show',
    description: 'show the record of an entry, and what its value looks like',
    arguments: [ENTRY],
    options: [{ flags: '--plot <file>', description: 'draw the value into an .svg or .png file' }],
    load: () => import('./show.js'),
  },
  {
    name: 'du',
    description: 'say what takes the space, by tag, class and method',
    arguments: [PATTERNS],
    options: [{ flags: '--by <what>', description: "one table alone: 'tag', 'class' or 'method'" }],
    load: () => import('./du.js'),
  },
  {
    name: 'verify',
    description: 'read everything and say what is not as it was written',
    arguments: [PATTERNS],
    options: [{ flags: '--repair', description: 'remove what is damaged, and what dead writers left' }],
    load: () => import('./verify.js'),
  },
  {
    name: 'prune',
    description: 'make room: remove data and keep the records, so that what was computed from it stays valid',
    arguments: [PATTERNS],
    options: [
      { flags: '--older-than <age>', description: 'what was computed longer ago: 30d, 12h', parse: parseAge },
      { flags: '--unused-for <age>', description: 'what no call has looked at for as long', parse: parseAge },
      {
        flags: '--max-size <size>',
        description: 'only as much as brings the data down to 10GB, cheapest to recompute per byte first',
        parse: parseSize,
      },
      { flags: '--code', description: 'what was computed by another code than the latest result of its method' },
      {
        flags: '--keep-versions <count>',
        description: 'earlier versions alone, all but so many of an entry',
        parse: parseNumber,
      },
      { flags: '--forget', description: 'remove the records, too: what was computed from them is computed again' },
      dryRun,
      yes,
    ],
    load: () => import('./prune.js'),
  },
  {
    name: 'clear',
    description: 'remove entries, records and data',
    arguments: [['<patterns...>', PATTERNS[1]]],
    options: [dryRun, yes],
    load: () => import('./clear.js'),
  },
  {
    name: 'explain',
    description: 'say whether an entry still holds, as far as the records tell, and why not',
    arguments: [ENTRY],
    load: () => import('./explain.js'),
  },
  {
    name: 'status',
    description: 'say which methods are up to date, why others are not, and what computing them would take',
    arguments: [PATTERNS],
    options: [
      { flags: '--module <file>', description: 'the file that exports the analyzer, which knows code and parameters' },
      {
        flags: '--analyzer <export>',
        description: "with it, a class or function that takes the tag (default: 'default')",
      },
      { flags: '--check', description: 'return 1 where something is not up to date' },
    ],
    load: () => import('./status.js'),
  },
  {
    name: 'lineage',
    description: 'show what entries were made of',
    arguments: [['<patterns...>', PATTERNS[1]]],
    options: [
      { flags: '--svg', description: 'as a picture' },
      { flags: '--dot', description: 'for Graphviz' },
      { flags: '--mermaid', description: 'for Markdown' },
    ],
    load: () => import('./lineage.js'),
  },
  {
    name: 'adopt',
    description: 'make entries of the .npy and .arrow files that another program put into the folder of a tag',
    arguments: [['<folders...>', 'folders of tags, by path or by name']],
    load: () => import('./adopt.js'),
  },
  {
    name: 'precompute',
    description: 'compute ahead what is not stored yet, on several threads',
    arguments: [
      ['<module>', 'the file that exports the analyzer; each thread imports it'],
      ['<tags...>', 'tags, or patterns of tags that exist'],
    ],
    options: [
      { flags: '--analyzer <export>', description: "a class or function that takes the tag (default: 'default')" },
      {
        flags: '--methods <names>',
        description: 'what to compute, by commas: strehl,slopes.rms (default: all that needs no arguments)',
      },
      {
        flags: '--jobs <count>',
        description: 'how many threads (default: one for each processor but one)',
        parse: parseCount,
      },
      {
        flags: '--part <i/n>',
        description: 'only the i-th of n parts of the tags; array/n or array in a task of an array job',
        parse: parsePart,
      },
      { flags: '--on <scheduler>', description: 'let others compute: slurm, or redis://host:6379' },
      { flags: '--parts <count>', description: 'on them: how many parts (default: 100 at most)', parse: parseCount },
      { flags: '--cpus <count>', description: 'on slurm: processors of a part (default: 1)', parse: parseCount },
      { flags: '--time <length>', description: 'on slurm: how long a part may take: 2h, 30min', parse: parseAge },
      { flags: '--partition <name>', description: "on slurm (default: Slurm's)" },
      { flags: '--sbatch <options>', description: "on slurm: further options, as in '--account=ao --mem=8G'" },
      { flags: '--queue <name>', description: "on redis: from which workers take (default: 'stowage-<user>')" },
    ],
    load: () => import('./precompute.js'),
  },
  {
    name: 'ui',
    description: 'show what is stored as a page in the browser, live, until Ctrl-C',
    arguments: [['[folder]', 'the folder of tags (default: as --tmpdir says)']],
    options: [
      { flags: '--port <port>', description: 'on this host alone (default: any that is free)', parse: parsePort },
      { flags: '--no-open', description: 'print the address, and open no browser' },
    ],
    load: () => import('./ui.js'),
  },
  {
    name: 'push',
    description: 'put what is stored here into a remote that others use, too',
    arguments: [PATTERNS],
    options: [REMOTE_OPTION],
    load: () => import('./push.js'),
  },
  {
    name: 'pull',
    description: 'take from a remote what is not stored here',
    arguments: [PATTERNS],
    options: [REMOTE_OPTION],
    load: () => import('./pull.js'),
  },
  {
    name: 'remote',
    description: 'look at a remote: ls lists its tags, verify says what is not sound, gc removes what no record names',
    arguments: [
      ['<action>', 'ls, verify or gc'],
      ['[tags...]', 'tags, or folders of tags; * stands for any characters'],
    ],
    options: [
      REMOTE_OPTION,
      { flags: '--data', description: 'of verify: read all data, too, and not its size alone' },
      { flags: '--repair', description: 'of verify: remove records that are not sound' },
      {
        flags: '--grace <age>',
        description: 'of gc: what was put there so lately stays (default: 1d)',
        parse: parseAge,
      },
      dryRun,
    ],
    load: () => import('./remote.js'),
  },
  {
    name: 'worker',
    description: 'compute the parts that precompute --on redis://… puts into a queue',
    arguments: [['<url>', 'where Redis is: redis://host:6379']],
    options: [
      { flags: '--queue <name>', description: "the queue (default: 'stowage-<user>')" },
      {
        flags: '--jobs <count>',
        description: 'how many threads (default: one for each processor but one)',
        parse: parseCount,
      },
      {
        flags: '--lease <length>',
        description:
          'a worker that says nothing for so long is dead, and its part is computed by another (default: 30s)',
        parse: parseAge,
      },
    ],
    load: () => import('./worker.js'),
  },
];
