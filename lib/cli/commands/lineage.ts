/** `stowage lineage`: what entries were made of. */
import { dirname } from 'node:path';
import { traceBack } from '../../method/report/lineage.js';
import { LineageDraft } from '../../method/report/lineage-draft.js';
import type { Lineage } from '../../method/report/lineage-graph.js';
import { readRecordText } from '../../store/record/read-text.js';
import { parseRecord } from '../../store/record/record.js';
import type { Work } from '../terminal/command.js';
import { UsageError } from '../terminal/errors.js';
import { EXIT_CODE } from '../terminal/exit-code.js';
import { treeOf } from '../terminal/lineage-tree.js';
import { nothingFits, pickEntries } from '../choose/selection.js';

interface Options {
  json?: true;
  svg?: true;
  dot?: true;
  mermaid?: true;
}

/** Ways to draw it. */
const DRAWINGS: Readonly<Record<'svg' | 'dot' | 'mermaid', (lineage: Lineage) => Promise<string> | string>> = {
  svg: async (lineage) => lineage.toSvg(),
  dot: (lineage) => lineage.toDot(),
  mermaid: (lineage) => lineage.toMermaid(),
};

export const work: Work<Options> = async (texts, options, context) => {
  const wanted = (['json', 'svg', 'dot', 'mermaid'] as const).filter((form) => options[form] === true);
  if (wanted.length > 1) throw new UsageError(`--${wanted.join(' and --')} exclude each other`);
  const { terminal } = context;
  const draft = new LineageDraft();
  for (const { folder, stem, state } of pickEntries(texts, context)) {
    const record = state === 'foreign' ? undefined : parseRecord(readRecordText(`${stem}.json`) ?? '');
    if (record !== undefined) draft.addStored(dirname(folder.path), { stem, record });
  }
  const lineage = await traceBack(draft);
  if (lineage.nodes.length === 0) throw nothingFits(texts, context);
  const [form] = wanted;
  if (form === 'json') terminal.json(lineage);
  else if (form !== undefined) terminal.lines((await DRAWINGS[form](lineage)).trimEnd());
  else for (const line of treeOf(lineage)) terminal.line(line);
  return EXIT_CODE.fine;
};
