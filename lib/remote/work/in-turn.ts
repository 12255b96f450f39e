/** Work of which so much is done at a time, in the order in which it came. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

export function inTurn(most: number): InTurn {
  const waiting: (() => void)[] = [];
  let underWay = 0;
  return async (work) => {
    if (underWay >= most)
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
    else underWay++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) underWay--;
      else next();
    }
  };
}
