/** Two entries, or two tags, beside each other. */
import { humanBytes, humanSeconds } from '../../base/text/human.js';
import { changesBetween } from '../../store/record/code-seen.js';
import { moment } from '../../cli/terminal/moment.js';
import { runsOf, short, statisticsOf, type Numbers } from '../../show/numbers.js';
import type { CompareMessage, CompareTagsMessage, Fact } from '../contract/messages.js';
import type { Row } from '../watch/row.js';
import { entryRow } from '../watch/states.js';
import type { Watch } from '../watch/watch.js';
import { factsOfNumbers } from './facts.js';
import { pictureOf, type Values } from './value.js';

export async function compare(watch: Watch, values: Values, one: Row, other: Row): Promise<CompareMessage> {
  const { states } = watch.now();
  const difference = await differenceOf(values, one, other);
  return {
    entries: [entryRow(one, states), entryRow(other, states)],
    facts: FACTS.map(([name, of]) => [name, of(one), of(other)] as [string, string, string]).filter(
      ([, a, b]) => a !== b,
    ),
    code: one.code === undefined || other.code === undefined ? [] : changesBetween(one.code, other.code),
    difference: difference === undefined ? sameOrNot(one, other) : factsOfDifference(difference),
    hasPicture: difference !== undefined,
  };
}

const FACTS: readonly [name: string, of: (row: Row) => string][] = [
  ['tag', ({ folder }) => folder.tag],
  ['method', ({ method }) => method],
  ['arguments', (row) => row.arguments],
  ['value', ({ value }) => value],
  ['size', ({ bytes }) => humanBytes(bytes)],
  ['took', ({ seconds }) => humanSeconds(seconds)],
  ['computed', ({ computedAt }) => moment(computedAt)],
  ['digest', ({ digest }) => digest],
];

function sameOrNot(one: Row, other: Row): Fact[] {
  if (one.digest === '' || other.digest === '') return [];
  return [['values', one.digest === other.digest ? 'the same' : 'different']];
}

function factsOfDifference({ difference, count }: Difference): Fact[] {
  const squares = difference.data.map((number) => number ** 2);
  const rms = Math.sqrt(statisticsOf({ ...difference, data: squares }).mean ?? NaN);
  return [
    ['elements that differ', String(count)],
    ...factsOfNumbers(statisticsOf(difference)),
    ['root of the mean square', short(rms)],
  ];
}

interface Difference {
  /** The second minus the first. */
  difference: Numbers & { data: Float64Array };
  /** How many elements are not the same. */
  count: number;
}

async function differenceOf(values: Values, one: Row, other: Row): Promise<Difference | undefined> {
  const [a, b] = [await values.numbers(one), await values.numbers(other)];
  if (a === undefined || a.shape.join() !== b?.shape.join()) return undefined;
  const [from, to] = [elementsOf(a), elementsOf(b)];
  const data = from.map((number, i) => (to[i] ?? NaN) - number);
  const count = from.reduce((sum, number, i) => sum + (Object.is(number, to[i]) || number === to[i] ? 0 : 1), 0);
  const stride = a.shape.map((_, axis) => a.shape.slice(axis + 1).reduce((product, length) => product * length, 1));
  return { difference: { data, shape: a.shape, stride, offset: 0 }, count };
}

function elementsOf(numbers: Numbers): Float64Array {
  const all = new Float64Array(numbers.shape.reduce((product, length) => product * length, 1));
  let i = 0;
  for (const { start, step, count } of runsOf(numbers))
    for (let k = 0; k < count; k++) all[i++] = Number(numbers.data[start + k * step]);
  return all;
}

/** An SVG of the second minus the first. */
export async function pictureOfDifference(values: Values, one: Row, other: Row): Promise<string | undefined> {
  const found = await differenceOf(values, one, other);
  return found && pictureOf('difference', found.difference);
}

/** @param tags names */
export function compareTags(watch: Watch, [first, second]: readonly [string, string]): CompareTagsMessage {
  const of = (tag: string): Map<string, Row> =>
    new Map(
      [...watch.rows.values()]
        .filter(({ folder, place }) => folder.tag === tag && place.version === undefined)
        .map((row) => [`${row.method}\0${row.place.key ?? ''}`, row]),
    );
  const [one, other] = [of(first), of(second)];
  const names = [...new Set([...one.keys(), ...other.keys()])].sort();
  const message: CompareTagsMessage = { rows: [], pairs: [] };
  for (const name of names) {
    const [a, b] = [one.get(name), other.get(name)];
    const { method = '', arguments: args = '' } = a ?? b ?? {};
    message.rows.push({ method, arguments: args, verdict: verdictOn(a, b) });
    message.pairs.push(a === undefined || b === undefined ? null : [a.id, b.id]);
  }
  return message;
}

function verdictOn(one: Row | undefined, other: Row | undefined): CompareTagsMessage['rows'][number]['verdict'] {
  if (other === undefined) return 'only in the first';
  if (one === undefined) return 'only in the second';
  return one.digest !== '' && one.digest === other.digest ? 'same' : 'different';
}
