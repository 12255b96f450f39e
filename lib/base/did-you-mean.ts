/** Names that were typed, and the ones that were meant. */

/**
 * `" (did you mean 'image'?)"`, the end of a message about an unknown name; empty where no known name is near.
 * @param typed the name as it was written
 * @param known the names that there are
 */
export function didYouMean(typed: string, known: Iterable<string>): string {
  const nearest = nearestName(typed, known);
  return nearest === undefined ? '' : ` (did you mean '${nearest}'?)`;
}

/** The known name that the fewest slips lead to, at most one in three letters; case counts as no slip. */
function nearestName(typed: string, known: Iterable<string>): string | undefined {
  const wanted = typed.slice(0, LONGEST).toLowerCase();
  let nearest: string | undefined;
  let fewest = Infinity;
  for (const name of known) {
    if (name.length > LONGEST) continue;
    const [one, other] = withoutSharedParents(wanted, name.toLowerCase());
    const most = Math.floor((Math.max(one.length, other.length) + 1) / 3);
    const slips = slipsBetween(one, other, most);
    if (slips <= most && slips < fewest) [nearest, fewest] = [name, slips];
  }
  return nearest;
}

/** A longer name is no slip of the hand, and comparing it costs its square. */
const LONGEST = 100;

/** Of `root.camera.image` and `root.camera.rms`, only the last words can be slips of each other. */
function withoutSharedParents(one: string, other: string): [one: string, other: string] {
  let start = 0;
  for (let place = 0; place < one.length && one[place] === other[place]; place++)
    if (one[place] === '.') start = place + 1;
  return [one.slice(start), other.slice(start)];
}

/** Letters left out, put in, exchanged, or swapped with their neighbours: https://en.wikipedia.org/wiki/Damerau–Levenshtein_distance */
function slipsBetween(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return Infinity;
  let before: number[] = [];
  let above = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row++) {
    const here = [row];
    for (let column = 1; column <= other.length; column++) {
      const isSame = one[row - 1] === other[column - 1];
      const isSwapped =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      here[column] = Math.min(
        (above[column] as number) + 1,
        (here[column - 1] as number) + 1,
        (above[column - 1] as number) + (isSame ? 0 : 1),
        isSwapped ? (before[column - 2] as number) + 1 : Infinity,
      );
    }
    [before, above] = [above, here];
  }
  return above[other.length] as number;
}
