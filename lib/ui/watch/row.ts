/** An entry as the window keeps it in mind: little, since there may be a hundred thousand. */
import { relative, sep } from 'node:path';
import { callName } from '../../cli/choose/standing.js';
import { entryAt, type CatalogEntry } from '../../cli/choose/catalog.js';
import type { RecordName } from '../../cli/choose/entry-names.js';
import { valueOf } from '../../cli/choose/ls-entries.js';
import type { TagFolder } from '../../cli/choose/tag-folder.js';
import { entryName } from '../../method/state/use-name.js';
import { cutOff } from '../../store/record/arguments.js';
import type { RecordedCode } from '../../store/record/code-seen.js';
import { readRecordFile } from '../../store/record/read-record-file.js';
import { parseRecord } from '../../store/record/record.js';
import { tmpdirOfTraced, type TracedFile } from '../../store/record/traced.js';

/** A result that another one was made of. */
export interface Use {
  /** As {@link entryName} has it. */
  of: string;
  digest: string;
  generation: number;
  /** `root.Night.psf`. */
  label: string;
}

/** An entry, and what of its record is asked for again and again. */
export interface Row {
  id: string;
  place: RecordName;
  folder: TagFolder;
  stored: CatalogEntry['state'];
  method: string;
  /** Of which class a method is: results of the same are compared. */
  owner: string;
  name?: string;
  arguments: string;
  value: string;
  /** Name of its data file. */
  file?: string;
  hasData: boolean;
  bytes: number;
  seconds: number;
  computedAt: number;
  expiresAt?: number;
  invalidated?: true;
  digest: string;
  generation: number;
  seal?: string;
  code?: RecordedCode;
  uses: readonly Use[];
  files: readonly TracedFile[];
}

/** Its path below the folder of tags, without extension: what the page calls it. */
export function idOf(tmpdir: string, stem: string): string {
  return relative(tmpdir, stem).split(sep).join('/');
}

/** @returns `undefined` where there is no record */
export function rowAt(tmpdir: string, folder: TagFolder, place: RecordName, codes: Codes): Row | undefined {
  const entry = entryAt(folder, place);
  if (entry === undefined) return undefined;
  const { identity, summary, state } = entry;
  const record = summary === undefined || state === 'foreign' ? undefined : traceOf(place.stem);
  const label = identity === undefined ? place.name.replace(/~[0-9a-f]{16}$/, '') : callName(identity);
  return {
    id: idOf(tmpdir, place.stem),
    place: { ...place, siblings: noNames },
    folder,
    stored: state,
    method: label,
    owner: [identity?.rootClass, identity?.class, label].join('\0'),
    ...(identity !== undefined && state !== 'foreign' && { name: entryName(tmpdir, identity) }),
    arguments: cutOff(summary?.arguments?.preview ?? '', LONGEST),
    value: valueOf(entry),
    ...(summary?.file !== undefined && { file: summary.file }),
    hasData: hasData({ ...(summary?.file !== undefined && { file: summary.file }) }, place.siblings),
    bytes: entry.dataBytes + entry.recordBytes,
    seconds: summary?.seconds ?? 0,
    computedAt: summary?.computedAt ?? 0,
    ...(summary?.expiresAt !== undefined && { expiresAt: summary.expiresAt }),
    ...(summary?.invalidated === true && { invalidated: true }),
    digest: summary?.digest ?? '',
    generation: summary?.generation ?? 0,
    ...(summary !== undefined && { seal: summary.seal, code: codes.one(summary) }),
    uses: (record ?? []).flatMap((item) =>
      'call' in item
        ? {
            of: entryName(tmpdirOfTraced(item, tmpdir), item.call),
            digest: item.digest,
            generation: item.generation,
            label: callName(item.call),
          }
        : [],
    ),
    files: (record ?? []).filter((item) => 'file' in item),
  };
}

/** Is its data file among the names of its folder? */
export function hasData({ file }: Pick<Row, 'file'>, siblings: ReadonlySet<string>): boolean {
  return file !== undefined && siblings.has(file);
}

const noNames: ReadonlySet<string> = new Set();
const LONGEST = 120;

function traceOf(stem: string): NonNullable<ReturnType<typeof parseRecord>>['trace'] {
  return parseRecord(readRecordFile(`${stem}.json`)?.text ?? '')?.trace ?? [];
}

/** Many results come from one code: it is kept once. */
export class Codes {
  private readonly known = new Map<string, RecordedCode>();

  one({ code, codeSeen }: RecordedCode): RecordedCode {
    const name = [code, codeSeen?.depth, codeSeen?.digest].join(' ');
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const kept = { code, ...(codeSeen !== undefined && { codeSeen }) };
    this.known.set(name, kept);
    return kept;
  }
}
