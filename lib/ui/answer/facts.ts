/** What there is to say of numbers. */
import { short, type Statistics } from '../../show/numbers.js';
import type { Fact } from '../contract/messages.js';

export function factsOfNumbers({ count, minimum, maximum, mean, nan }: Statistics): Fact[] {
  const facts: [string, number | undefined][] = [
    ['elements', count],
    ['minimum', minimum],
    ['maximum', maximum],
    ['mean', mean],
    ['NaN', nan],
  ];
  return facts.flatMap(([name, number]): Fact[] => (number === undefined ? [] : [[name, short(number)]]));
}
