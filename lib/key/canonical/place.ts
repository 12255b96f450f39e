/** Where inside a value the encoder stands, in words for an error message. */
import type { Frame } from './encoder.js';
import { indexLabel, mapKeyLabel, mapKeyObjectLabel, ordinalLabel, propertyLabel } from '../names/instance-path.js';
import { type Plan, Tag } from './plan.js';

type Step = (plan: Plan, item: number) => string;

const ERROR_FIELDS = ['', '.name', '.message', '.cause', '.errors', '.stack'];
const property: Step = ({ items }, item) => propertyLabel(String(items[item - 1]));

/** From an object to one of its items; steps that are not listed add nothing. */
const STEPS: Readonly<Partial<Record<number, Step>>> = {
  [Tag.call]: (_, item) => indexLabel(item),
  [Tag.object]: property,
  [Tag.nullObject]: property,
  [Tag.registeredFields]: property,
  [Tag.instanceFields]: property,
  [Tag.array]: (_, item) => indexLabel(item),
  [Tag.map]: ({ items }, item) => {
    const ordinal = Math.floor(item / 2);
    return item % 2 === 0 ? mapKeyObjectLabel(ordinal) : mapKeyLabel(items[item - 1], ordinal);
  },
  [Tag.set]: (_, item) => ordinalLabel(item),
  [Tag.error]: (_, item) => ERROR_FIELDS[item] as string,
  [Tag.keyedInstance]: () => '[cacheKey]()',
};

/** Longest place that a message shows in full. */
const LONGEST = 200;

/** `.fit.callback`, from the outermost frame to the item that the innermost one came to last. */
export function placeIn(frames: readonly Frame[]): string {
  const place = frames.map(({ plan, at }) => STEPS[plan.tag]?.(plan, at - 1) ?? '').join('');
  return place.length <= LONGEST ? place : `${place.slice(0, LONGEST / 2)}…${place.slice(-LONGEST / 2)}`;
}
