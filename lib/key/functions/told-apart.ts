/**
 * Functions by name and source: that is what a cache knows of them, in this process and the next. What does not tell two
 * functions apart is refused, since one would get the other's results: a source that cannot be read, and a second function
 * of one name and source, which may close over different variables.
 */
import { InvalidOptionError } from '../../base/errors.js';
import { functionName } from '../../base/language/brand.js';
import { isNative } from '../classes/class-source.js';
import { fileHanding, handingOf, isHandedAgain, type Handing } from './handing.js';
import { ownClassOf, saysWhatItIs } from './receiver.js';
import { seenObject } from './sees-this.js';

/** @throws InvalidOptionError where the source does not show what the function does */
export function refuseHidden(fn: object, name: string): void {
  if (isNative(fn)) {
    throw new InvalidOptionError(
      `the function ${name} is bound, built in or a proxy, so that its source does not tell it from others: give it a name of ` +
        `its own with name: '…', or an arrow function around it: (...args) => object.method(...args)`,
    );
  }
  if (seenObject(fn) === 'maker') {
    throw new InvalidOptionError(
      `the arrow function ${name} uses the this of the object that it was made in, which no key can hold: use a method, or ` +
        `give it a name that says which object it is, with name: '…'`,
    );
  }
}

/** What a cache knows of a function. */
export interface Known {
  /** The folder, or the store, in which its results lie. */
  place: string | object;
  name: string;
  /** Digest of its source. */
  code: string;
}

/** The function of an identity, the class of the objects that it is called on, and where it was handed over. */
interface Holder {
  fn: WeakRef<object>;
  Class: WeakRef<object> | undefined;
  handing: Handing;
}

/** By place, and there by identity. A function that was collected was another one. */
const folders = new Map<string, Map<string, Holder>>();
const stores = new WeakMap<object, Map<string, Holder>>();

/** A function that was handed to a cache. */
export class ToldApart {
  private readonly handing: Handing;
  /** Classes on whose instances it may be called. */
  private readonly classes = new WeakSet<object>();

  constructor(
    private readonly fn: object,
    private readonly known: Known,
  ) {
    this.handing = handingOf(fn);
  }

  /** In which it stands, or is wrapped. */
  get file(): string | undefined {
    return fileHanding(this.handing);
  }

  /** @throws InvalidOptionError where another function has its name and source, and is no earlier evaluation of it */
  refuseSecond(): void {
    this.hold('', undefined);
  }

  /**
   * The same for a method, whose results are told apart by the class of the object as well.
   * @param named what the key says of the class
   */
  refuseSecondOn(receiver: unknown, named: string): void {
    const Class = ownClassOf(receiver);
    if (Class !== undefined && this.classes.has(Class)) return;
    const kind = typeof receiver === 'function' ? 'class' : 'instance';
    this.hold(`${kind} ${named}`, Class === undefined || saysWhatItIs(receiver as object) ? undefined : Class);
    if (Class !== undefined) this.classes.add(Class);
  }

  private hold(kind: string, Class: object | undefined): void {
    const { fn, handing } = this;
    const { place, name, code } = this.known;
    const holders = holdersIn(place);
    const identity = [name, code, kind].join('\0');
    const first = holders.get(identity);
    const isSame = first?.fn.deref() === fn;
    if (isSame && first.Class?.deref() === Class) return;
    if (first !== undefined && !isHandedAgain(first.handing, handing)) {
      const shown = name === '' ? 'without a name' : name;
      this.refuse(
        isSame && Class ? `classes ${functionName(Class)} with the method ${shown}` : `functions ${shown}`,
        kind,
      );
    }
    holders.set(identity, { fn: new WeakRef(fn), Class: Class && new WeakRef(Class), handing });
  }

  private refuse(two: string, kind: string): never {
    const { place } = this.known;
    const ofClass =
      kind === ''
        ? ''
        : ', by the name of its class, or by a [cacheKey]() of the instances where the class alone differs';
    throw new InvalidOptionError(
      `two ${two} of the same source keep their results in ${typeof place === 'string' ? place : 'one store'}, and may close ` +
        `over different variables, so that one would get the other's: give each a name of its own, with name: '…'${ofClass}; or ` +
        'make it once, and use that',
    );
  }
}

function holdersIn(place: string | object): Map<string, Holder> {
  const tables: Tables = typeof place === 'string' ? folders : stores;
  const holders = tables.get(place) ?? new Map<string, Holder>();
  tables.set(place, holders);
  return holders;
}

/** Either of both. */
interface Tables {
  get(place: unknown): Map<string, Holder> | undefined;
  set(place: unknown, holders: Map<string, Holder>): unknown;
}
