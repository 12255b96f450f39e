/** The graph of what is stored: what was made of what. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isNotebook, showInNotebook } from '../../show/notebook.js';
import { checkFolderName } from '../../key/names/folder-name.js';
import { findEntryWith } from '../../store/entry/find.js';
import { checkFolder } from '../../store/disk/folder.js';
import { placeOf } from '../../store/disk/place.js';
import { LineageDraft, type Upstream } from './lineage-draft.js';
import type { Lineage } from './lineage-graph.js';
import { partsOf } from '../hierarchy/subtree.js';
import { Subjects } from './known-calls.js';
import type { StoredEntry } from '../../store/record/stored-entry.js';

/**
 * Shows where results come from: for a notebook, so that a reader sees how a number was made; for a paper, as its figure
 * of the data reduction; for oneself, to find what costs the time. The results that are stored for an object and
 * everything below it, attached now or not, the results, files and parameters that they were made of, and what they
 * took and weigh.
 *
 * ```ts
 * const graph = await lineage(night);
 * writeFileSync('lineage.svg', await graph.toSvg());
 * ```
 *
 * It is read from the records alone, as of when they were written: nothing is computed, and no data is read. Other work
 * of the process goes on between one record and the next.
 *
 * @param object a root, an analyzer below one, or an array, Map or object that holds analyzers; of an analyzer, what its
 *   results were made of is shown wherever it lies
 * @returns nodes and edges in an order that depends on nothing but what they are; empty where no tag reaches the object
 * @throws InvalidOptionError where `object` is no object
 * @throws UnsafeFolderError where the folder of the tag is not to be trusted
 * @throws StowageError `STOWAGE_DISK` where it cannot be read
 */
export async function lineage(object: object): Promise<Lineage> {
  const draft = new LineageDraft();
  for (const part of partsOf(object, 'lineage')) {
    for (const { tmpdir, stored } of await Subjects.of(part)) if (stored !== undefined) draft.addStored(tmpdir, stored);
  }
  return traceBack(draft);
}

/** Adds what the results of a draft were made of, and what that was made of, from the records alone. */
export async function traceBack(draft: LineageDraft): Promise<Lineage> {
  for (const upstream of draft.upstreams()) {
    const stored = storedAt(upstream);
    if (stored === undefined) draft.addMissing(upstream);
    else draft.addFound(upstream, stored);
    await nextTurn();
  }
  return drawn(draft.finish());
}

/** Beyond it, laying out takes a while, and a reader sees nothing. */
const MOST_NODES_TO_SHOW = 200;

/** A notebook asks for the picture when there is no time left to make it. */
async function drawn(graph: Lineage): Promise<Lineage> {
  if (!isNotebook()) return graph;
  const text = `lineage of ${graph.nodes.length} results, files and parameters`;
  const svg = graph.nodes.length > MOST_NODES_TO_SHOW ? undefined : await graph.toSvg();
  return showInNotebook(graph, () => ({ text, ...(svg !== undefined && { svg }) }));
}

/** What lies in a folder that another user may have planted is not there for us, nor what lies where no tag can lead. */
function storedAt({ tmpdir, item }: Upstream): StoredEntry | undefined {
  const place = placeOf(tmpdir, item.call);
  try {
    checkFolderName(item.call.prefix, item.call.tag);
    if (!checkFolder(place.folder)) return undefined;
    const found = findEntryWith(place, item.call, item.digest);
    return found.kind === 'entry' ? found : undefined;
  } catch {
    return undefined;
  }
}
