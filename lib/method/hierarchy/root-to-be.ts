/**
 * Objects that are to be roots as soon as they are constructed. The constructor of a base class notes them; the fields
 * and constructors of its subclasses are still to run.
 */
import { constructionOf, isUnderWay, type Construction } from '../../base/language/construction.js';

interface RootToBe {
  readonly object: object;
  readonly tag: string;
  /** `undefined` where it cannot be told: then it is done when the present synchronous code is. */
  readonly construction: Construction | undefined;
}

let waiting: RootToBe[] = [];

/** Notes an object; `above` is the function that asks, called by the object's constructor. */
export function noteRootToBe(object: object, tag: string, above: (...args: never[]) => unknown): void {
  waiting.push({ object, tag, construction: constructionOf(object, above) });
}

/** The object is no longer to be tagged. */
export function isNoRootToBe(object: object): void {
  if (waiting.length > 0) waiting = waiting.filter((each) => each.object !== object);
}

/** The tag that an object is to have. */
export function tagToBe(object: object): string | undefined {
  return waiting.find((each) => each.object === object)?.tag;
}

/** Is the object still under construction? */
export function isRootToBe(object: object): boolean {
  return waiting.some((each) => each.object === object);
}

/** Is any object still under construction? */
export function isSomeToBe(): boolean {
  return waiting.length > 0;
}

/**
 * Takes out the objects that are constructed, in the order in which their construction began.
 * @param all the synchronous code that they were constructed in is over
 */
export function takeConstructed(all: boolean): readonly RootToBe[] {
  if (waiting.length === 0) return waiting;
  const isDone = ({ construction }: RootToBe): boolean =>
    all || (construction !== undefined && !isUnderWay(construction));
  const done = waiting.filter(isDone);
  waiting = waiting.filter((each) => !done.includes(each));
  return done;
}
