/** The classes of a plan, decorated. */
import { cacheOnDisk, children, parameter } from 'stowage';
import { bodyOf, resultOf, shifted, type Body } from './body.js';
import type { singleSlots, ClassPlan, CodePlan, Form, Plan, Slot } from './plan.js';

/** What runs the methods of the objects. */
export interface Stage {
  /** Is told of each cached method that runs. */
  ran(part: Part, method: number, n: number): void;
  now(part: Part, method: number, body: Body): number;
  later(part: Part, method: number, body: Body): Promise<number>;
}

/** An object of a hierarchy. */
export class Part {
  left: Part | undefined = undefined;
  right: Part | undefined = undefined;
  list: Part[] = [];
  map = new Map<string, Part>();
  declare gain: number;
  declare band: number;
  #hidden: Part | undefined;
  #secret: Part | undefined;

  [children](): unknown[] {
    return this.#hidden === undefined ? [] : [this.#hidden];
  }

  in(slot: Slot): Part[] {
    const held = { left: this.left, right: this.right, hidden: this.#hidden, secret: this.#secret };
    if (slot === 'list') return [...this.list];
    if (slot === 'map') return [...this.map.values()];
    return held[slot] === undefined ? [] : [held[slot]];
  }

  put(slot: (typeof singleSlots)[number], part: Part): void {
    if (slot === 'hidden') this.#hidden = part;
    else if (slot === 'secret') this.#secret = part;
    else this[slot] = part;
  }
}

export const parameterNames = ['gain', 'band'] as const;

/** A method in its form, and what it is called with. */
interface FormOfMethod {
  define(
    start: (part: Part, n: number) => number,
    startLater: (part: Part, n: number) => Promise<number>,
    result: (sum: number) => unknown,
  ): PropertyDescriptor;
  /** What it is called with; a getter with nothing. */
  args(n: number): unknown[] | undefined;
}

type Methods = Record<string, (...args: unknown[]) => unknown>;

const forms: Record<Form, FormOfMethod> = {
  plain: {
    define: (start, _, result) => ({
      value(this: Part, n: number) {
        return result(start(this, n));
      },
    }),
    args: (n) => [n],
  },
  async: {
    define: (_, start, result) => ({
      async value(this: Part, n: number) {
        return result(await start(this, n));
      },
    }),
    args: (n) => [n],
  },
  getter: {
    define: (start, _, result) => ({
      get(this: Part) {
        return result(start(this, 0));
      },
    }),
    args: () => undefined,
  },
  rest: {
    define: (start, _, result) => ({
      value(this: Part, ...all: unknown[]) {
        return result(start(this, all.length));
      },
    }),
    args: (n) => Array.from({ length: n }, () => undefined),
  },
  keyword: {
    define: (start, _, result) => ({
      value(this: Part, { n, unit }: { n: number; unit: string }) {
        return result(start(this, n + unit.length - 1));
      },
    }),
    args: (n) => [{ unit: 'm', n }],
  },
};

/** What a method is called with; a getter with nothing. */
export function argumentsOf({ methods }: ClassPlan, method: number, n: number): unknown[] | undefined {
  return forms[methods[method]?.form ?? 'plain'].args(n);
}

export function callMethod(plan: ClassPlan, part: Part, method: number, n: number): unknown {
  const args = argumentsOf(plan, method, n);
  const members = part as unknown as Record<string, unknown>;
  return args === undefined ? members[`m${method}`] : (members as Methods)[`m${method}`]?.(...args);
}

/** What `n` a method sees: a getter sees none. */
export function argumentSeen({ methods }: ClassPlan, method: number, n: number): number {
  return methods[method]?.form === 'getter' ? 0 : n;
}

export type PartClass = new () => Part;

/**
 * The classes, of which the last one has static methods.
 * @param stage held weakly, so that what it knows of the situation is no part of the methods' code
 * @param code of the classes: the constants of their helpers
 */
export function classesOf({ classes }: Plan, stage: WeakRef<Stage>, code: readonly CodePlan[]): PartClass[] {
  const onStage = (): Stage => stage.deref() as Stage;
  return classes.map((plan, at) => {
    const isStatic = at === classes.length - 1;
    const { shift, note } = code[at] ?? { shift: 0, note: 0 };
    const helper = (sum: number): number => (note < 0 ? NaN : shifted(sum, shift));
    const Class = { [`C${at}`]: class extends Part {} }[`C${at}`] as PartClass;
    const holder = (isStatic ? Class : Class.prototype) as object;
    if (isStatic) Object.assign(Class, { in: () => [] });
    for (const [method, { form, kind, steps }] of plan.methods.entries()) {
      const begin = (part: Part, n: number): Body => {
        onStage().ran(part, method, n);
        return bodyOf(steps, n);
      };
      const descriptor = forms[form].define(
        (part, n) => onStage().now(part, method, begin(part, n)),
        (part, n) => onStage().later(part, method, begin(part, n)),
        (sum) => resultOf(kind, helper(sum)),
      );
      Object.defineProperty(holder, `m${method}`, { configurable: true, ...descriptor });
      cacheOnDisk(holder, `m${method}`);
    }
    for (const name of parameterNames.slice(0, plan.parameters)) parameter(holder, name);
    return Class;
  });
}
