/** Tables for people. */
import { basename, dirname } from 'node:path';
import Table from 'cli-table3';
import colors from 'picocolors';
import { concerns, type Entry } from './entries.js';
import type { CacheEvent, NamedFinding } from './message.js';

/** Lines above and below the header alone: the columns stand by themselves. */
const plain = {
  chars: {
    ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
    ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
    ...{ left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: ' ' },
  },
  style: { head: [], border: [], 'padding-left': 0, 'padding-right': 1 },
};

function table(head: string[], rightAligned: readonly number[]): Table.Table {
  const colAligns = head.map((_, column) => (rightAligned.includes(column) ? 'right' : 'left'));
  return new Table({ ...plain, colAligns, head: head.map((title) => colors.bold(title)) });
}

/** A row for each result: what it is, where it lies, what it cost, and what it costs now. */
export function entriesTable(entries: readonly Entry[], loads: readonly CacheEvent[]): string {
  const rows = table(['entry', 'type and shape', 'file', 'size', 's cold', 's warm'], [3, 4, 5]);
  let tag = '';
  for (const entry of entries) {
    if (entry.identity.tag !== tag) {
      tag = entry.identity.tag;
      rows.push([{ colSpan: 6, content: colors.cyan(colors.bold(`tag ${tag}`)) }]);
    }
    const load = loads.find((event) => concerns(event, entry));
    rows.push([
      callOf(entry),
      describeType(entry),
      fileOf(entry),
      size(entry.bytes),
      seconds(entry.seconds),
      load?.seconds === undefined ? colors.dim('–') : colors.green(seconds(load.seconds)),
    ]);
  }
  return rows.toString();
}

function callOf({ identity, arguments: args }: Entry): string {
  return `${identity.instance}.${identity.method}${args === undefined ? '' : colors.dim(`(${args.preview})`)}`;
}

function describeType({ type, shape }: Entry): string {
  return shape === undefined ? type : `${type} ${colors.dim(`(${shape.join(', ')})`)}`;
}

/** A plain call's file is named like the entry; that of a call with a key, by its digest in the entry's folder. */
function fileOf({ path, identity }: Entry): string {
  const extension = path.slice(path.lastIndexOf('.'));
  if (identity.key === undefined) return `…${extension}`;
  const [shard, digest] = [basename(dirname(path)), basename(path)];
  return `…/${shard}/${digest.slice(0, 6)}…${extension}`;
}

const units = ['B', 'KiB', 'MiB'] as const;

function size(bytes: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power] ?? ''}`;
}

function seconds(value: number): string {
  return value.toFixed(4);
}

/** A row for each finding, a column for each tag. */
export function findingsTable(findings: readonly NamedFinding[]): string {
  const tags = [...new Set(findings.map(({ tag }) => tag))];
  const rows = table(['finding', ...tags, 'unit'], []);
  for (const name of new Set(findings.map((finding) => finding.name))) {
    const found = findings.filter((finding) => finding.name === name);
    const values = tags.map((tag) => formatted(found.find((finding) => finding.tag === tag)));
    rows.push([name, ...values, found[0]?.unit ?? '']);
  }
  return rows.toString();
}

function formatted(finding: NamedFinding | undefined): string {
  if (finding === undefined) return '–';
  const { value, low, high } = finding;
  const interval = low === undefined || high === undefined ? '' : ` [${low.toFixed(2)}, ${high.toFixed(2)}]`;
  return value.toFixed(2) + colors.dim(interval);
}
