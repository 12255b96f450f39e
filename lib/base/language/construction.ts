/**
 * Is the constructor that makes an object still at work? JavaScript does not tell when `new` is done, so the stack is
 * asked: a constructor stands on it, at one place and in the call of one caller, until it returns.
 */

/** Where the outermost constructor of an object stood on the stack. */
export interface Construction {
  /** Frames from the bottom of the stack up to it, itself included. */
  readonly depth: number;
  readonly constructedBy: string;
  /** Place in the source of the call that constructs. */
  readonly caller: string;
}

/**
 * The construction that is under way; to be asked in the constructor of a base class.
 * @param object under construction
 * @param above the function that asks, called by the constructor
 * @returns `undefined` where the stack cannot be read
 */
export function constructionOf(object: object, above: (...args: never[]) => unknown): Construction | undefined {
  const frames = callSites(above);
  if (frames === undefined) return undefined;
  const names = classNames(object);
  let outermost = 0;
  // A class without a constructor of its own may have no frame.
  for (const [index, frame] of frames.entries()) {
    const name = frame.isConstructor() ? names.indexOf(frame.getFunctionName() ?? '') : -1;
    if (name < 0) continue;
    outermost = index;
    names.splice(0, name + 1);
  }
  return at(frames, frames.length - outermost);
}

/** Has a construction not come to its end? Only what runs before the present synchronous code ends can ask. */
export function isUnderWay(construction: Construction): boolean {
  const frames = callSites(isUnderWay);
  const found = frames === undefined ? undefined : at(frames, construction.depth);
  return found?.constructedBy === construction.constructedBy && found.caller === construction.caller;
}

function at(frames: readonly NodeJS.CallSite[], depth: number): Construction | undefined {
  const frame = frames[frames.length - depth];
  const caller = frames[frames.length - depth + 1];
  if (frame?.isConstructor() !== true) return undefined;
  return {
    depth,
    constructedBy: frame.getFunctionName() ?? '',
    caller: `${String(caller?.getFileName())}:${String(caller?.getLineNumber())}:${String(caller?.getColumnNumber())}`,
  };
}

/** Names of an object's classes, the most general first. */
function classNames(object: object): string[] {
  const names: string[] = [];
  for (let holder = prototypeOf(object); holder !== null; holder = prototypeOf(holder)) {
    const Class = Reflect.getOwnPropertyDescriptor(holder, 'constructor')?.value as { name?: unknown } | undefined;
    names.unshift(String(Class?.name));
  }
  return names;
}

function prototypeOf(object: object): object | null {
  return Object.getPrototypeOf(object) as object | null;
}

/** The frames of code, of this synchronous run: what awaits it, and the runtime's own, come and go. */
function callSites(above: (...args: never[]) => unknown): NodeJS.CallSite[] | undefined {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = Infinity;
    Error.prepareStackTrace = (_, frames) => frames;
    const holder: { stack?: NodeJS.CallSite[] } = {};
    Error.captureStackTrace(holder, above);
    return holder.stack?.filter(
      (frame) => !frame.isAsync() && (typeof frame.getFileName() === 'string' || frame.isEval()),
    );
  } catch {
    // Where Error is frozen.
    return undefined;
  } finally {
    restore(prepareStackTrace, stackTraceLimit);
  }
}

function restore(prepareStackTrace: typeof Error.prepareStackTrace, stackTraceLimit: number): void {
  try {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  } catch {
    // Nothing was set.
  }
}
