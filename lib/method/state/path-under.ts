/** Is `path` the instance path `top`, or one below it: `root.foo.bar` below `root.foo`, but not `root.food`? */
export function isPathAtOrUnder(path: string, top: string): boolean {
  if (!path.startsWith(top)) return false;
  const next = path[top.length];
  return next === undefined || next === '.' || next === '[';
}
