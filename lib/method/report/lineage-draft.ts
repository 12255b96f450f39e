/**
 * A lineage while it is gathered: entries are known by where they lie, everything else by its full name, and gets its id at
 * the end. Of one identity there may be several entries: projects that share a tag have their own.
 */
import type { StoredEntry } from '../../store/record/stored-entry.js';
import type { EntryRecord } from '../../store/record/record.js';
import { namesOfParts } from '../../code/part/difference.js';
import {
  CODE_MARK,
  isTracedCode,
  tmpdirOfTraced,
  type TracedCall,
  type TracedFile,
} from '../../store/record/traced.js';
import { compareNames } from '../../base/text/order.js';
import { fullPath } from '../../base/files/data-roots.js';
import { decodeArguments, previewOf } from '../../store/record/arguments.js';
import { scopeText } from '../../trace/names.js';
import { resultFileOf } from '../../store/entry/result-file.js';
import { Lineage } from './lineage-graph.js';
import type { LineageEdge, LineageEntry, LineageFile, LineageNode, LineageParameter } from './lineage-node.js';
import { factsOf } from './stored-facts.js';
import { entryName, nameOfTraced } from '../state/use-name.js';

/** A result that another one was made of, and where it would lie. */
export interface Upstream {
  /** As it is used: the call, with the digest that it had. */
  use: string;
  name: string;
  tmpdir: string;
  item: TracedCall;
}

type Draft<Node extends LineageNode> = Omit<Node, 'id'>;

export class LineageDraft {
  private readonly entries = new Map<string, Draft<LineageEntry>>();
  private readonly files = new Map<string, Draft<LineageFile> & { seenAt: number }>();
  private readonly parameters = new Map<string, Draft<LineageParameter>>();
  private readonly uses: { from: string; to: string }[] = [];
  private readonly awaited = new Map<string, Upstream>();
  /** Which entry each used result is. */
  private readonly found = new Map<string, string>();

  addStored(tmpdir: string, { stem, record }: StoredEntry): void {
    const to = stem;
    if (this.entries.has(to)) return;
    this.entries.set(to, draftOf(stem, record));
    this.found.set(useOf(entryName(tmpdir, record.identity), record.digest), to);
    const scope = scopeText(tmpdir, record.identity);
    for (const item of record.trace) {
      // What runs is no ingredient, and named with the result.
      if ('parameter' in item && isTracedCode(item)) continue;
      const name = nameOfTraced(item, tmpdir, scope);
      const from = 'call' in item ? useOf(name, item.digest) : name;
      this.uses.push({ from, to });
      if ('call' in item) this.awaited.set(from, { use: from, name, tmpdir: tmpdirOfTraced(item, tmpdir), item });
      else if ('file' in item) this.addFile(from, fullPath(item.file, tmpdir), item, record.computedAt);
      else this.parameters.set(from, { kind: 'parameter', instance: item.instance, parameter: item.parameter });
    }
  }

  /** Results that others were made of, and that are not here yet; those that the ones added meanwhile ask for come last. */
  *upstreams(): Generator<Upstream> {
    for (const [use, upstream] of this.awaited) if (!this.found.has(use)) yield upstream;
  }

  addFound({ use, tmpdir }: Upstream, stored: StoredEntry): void {
    this.addStored(tmpdir, stored);
    this.found.set(use, stored.stem);
  }

  addMissing({ use, name, item }: Upstream): void {
    this.found.set(use, name);
    const { instance, method, key } = item.call;
    const preview = decodeArguments(item.arguments)?.map(previewOf).join(', ');
    this.entries.set(name, {
      kind: 'entry',
      instance,
      method,
      ...(preview !== undefined && preview !== '' && { arguments: preview }),
      ...(key !== undefined && { key }),
      state: 'missing',
    });
  }

  finish(): Lineage {
    const ids = new Map<string, string>();
    const nodes = [
      ...numbered(
        this.entries,
        ({ instance, method, arguments: args = '', key = '' }) => [instance, method, args, key],
        ids,
      ),
      ...numbered(this.files, ({ file }) => [file], ids).map(({ seenAt: _, ...node }) => node),
      ...numbered(this.parameters, ({ instance, parameter }) => [instance, parameter], ids),
    ];
    const edges = new Map<string, LineageEdge>();
    for (const use of this.uses) {
      const from = ids.get(this.found.get(use.from) ?? use.from);
      const to = ids.get(use.to);
      if (from !== undefined && to !== undefined) edges.set(`${from} ${to}`, { from, to });
    }
    const inOrder = [...edges].sort(([one], [other]) => compareNames(one, other)).map(([, edge]) => edge);
    return new Lineage(nodes, inOrder);
  }

  private addFile(name: string, path: string, { file, bytes, checksum }: TracedFile, seenAt: number): void {
    const known = this.files.get(name);
    if (known !== undefined && known.seenAt >= seenAt) return;
    const size = checksum === 'absent' ? {} : { bytes };
    this.files.set(name, { kind: 'file', file: path, name: file, ...size, seenAt });
  }
}

function useOf(name: string, digest: string): string {
  return `${name}\0${digest}`;
}

function draftOf(stem: string, record: EntryRecord): Draft<LineageEntry> {
  const { identity } = record;
  const preview = record.arguments?.preview;
  const code = codeOf(record);
  return {
    kind: 'entry',
    instance: identity.instance,
    method: identity.method,
    ...(preview !== undefined && { arguments: preview }),
    ...(identity.key !== undefined && { key: identity.key }),
    ...stateOf(record),
    ...factsOf(record),
    file: resultFileOf(stem, record),
    ...(code.length > 0 && { code }),
  };
}

/** What its code reaches, and the methods that it called and that left no result. */
function codeOf({ codeSeen, trace }: EntryRecord): string[] {
  const called = trace.flatMap((item) =>
    'parameter' in item && isTracedCode(item) ? [`method ${item.parameter.slice(CODE_MARK.length)}`] : [],
  );
  return [...new Set([...called, ...namesOfParts(codeSeen?.parts ?? [], MOST_PARTS)])].slice(0, MOST_PARTS);
}

const MOST_PARTS = 20;

function stateOf({ invalidated, pruned }: EntryRecord): Pick<LineageEntry, 'state'> {
  if (invalidated === true) return { state: 'invalidated' };
  return pruned === undefined ? {} : { state: 'pruned' };
}

/** Gives ids in the order of what the nodes are; of the same, in the order of their full names. */
function numbered<Node extends { kind: LineageNode['kind'] }>(
  drafts: ReadonlyMap<string, Node>,
  orderOf: (node: Node) => readonly string[],
  ids: Map<string, string>,
): (Node & { id: string })[] {
  const sorted = [...drafts].map(([name, node]) => ({ node, name, order: [...orderOf(node), name] }));
  sorted.sort((one, other) => {
    const place = one.order.findIndex((text, i) => text !== other.order[i]);
    return place === -1 ? 0 : compareNames(one.order[place] ?? '', other.order[place] ?? '');
  });
  return sorted.map(({ node, name }, i) => {
    const id = `${node.kind}${i + 1}`;
    ids.set(name, id);
    return { id, ...node };
  });
}
