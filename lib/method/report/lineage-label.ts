/** What a picture says of a node. */
import { humanBytes, humanSeconds } from '../../base/text/human.js';
import { printable } from '../../base/text/printable.js';
import type { LineageEntry, LineageFile, LineageNode, LineageParameter } from './lineage-node.js';

const LONGEST = 60;
const MOST_PARTS = 3;

/** The lines of a node's label, without anything that a picture cannot show. */
export function labelOf(node: LineageNode): string[] {
  switch (node.kind) {
    case 'entry':
      return entryLabel(node).map(printable);
    case 'file':
      return fileLabel(node).map(printable);
    case 'parameter':
      return parameterLabel(node).map(printable);
  }
}

function entryLabel({
  instance,
  method,
  arguments: args,
  state,
  type,
  dtype,
  shape,
  bytes,
  seconds,
  code,
}: LineageEntry): string[] {
  const kind = dtype ?? type ?? '';
  const facts = [
    `${kind}${shape === undefined || shape.length === 0 ? '' : ` ${shape.join(' × ')}`}`.trim(),
    bytes === undefined ? '' : humanBytes(bytes),
    seconds === undefined ? '' : humanSeconds(seconds),
    state ?? '',
  ];
  const lines = [instance, `${method}(${clipped(args ?? '')})`, facts.filter((fact) => fact !== '').join(', ')];
  return [...lines, codeLabel(code ?? [])].filter((line) => line !== '');
}

/** As many parts as a line holds. */
function codeLabel(code: readonly string[]): string {
  const shown = code.slice(0, MOST_PARTS).map((part) => part.replace(/ \(.*\)$/s, ''));
  const more = code.length > MOST_PARTS ? [`${String(code.length - MOST_PARTS)} more`] : [];
  return clipped([...shown, ...more].join(', '));
}

function fileLabel({ name, bytes }: LineageFile): string[] {
  return [clippedInside(name), bytes === undefined ? 'absent' : humanBytes(bytes)];
}

function parameterLabel({ instance, parameter }: LineageParameter): string[] {
  return [instance, parameter === '*' ? 'all parameters' : parameter];
}

function clipped(text: string): string {
  const characters = Array.from(text);
  return characters.length <= LONGEST ? text : `${characters.slice(0, LONGEST - 1).join('')}…`;
}

/** A path says most at its ends. */
function clippedInside(text: string): string {
  const characters = Array.from(text);
  if (characters.length <= LONGEST) return text;
  return `${characters.slice(0, LONGEST / 3).join('')}…${characters.slice(1 - (LONGEST * 2) / 3).join('')}`;
}
