/** A sequence under way: the library's objects, the oracle, and what need not be computed. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Table } from 'apache-arrow';
import { kindOf } from './body.js';
import { argumentsOf } from './classes.js';
import { callText, Ideal } from './ideal.js';
import { Names } from './names.js';
import { Oracle, OutOfScopeError, type Asked, type Made, type Outcome } from './oracle.js';
import { fileCount, type ClassPlan, type Plan, type Situation } from './plan.js';
import { difference } from '../support/values/same-value.js';
import { World } from './world.js';
import { unfinished } from '#lib/trace/frame.js';

/** Something that a call did and should not have done. */
export class Fault extends Error {}

export class Run {
  readonly situation: Situation;
  readonly files: readonly string[];
  readonly names: Names;
  readonly ideal = new Ideal();
  readonly oracle: Oracle;
  readonly world: World;
  /** Has code been edited so that results are others? What is accepted then is wrong. */
  isEdited = false;
  /** What was asked for last. */
  last: readonly Asked[] = [];

  constructor(
    readonly plan: Plan,
    readonly folder: string,
    situation = plan.start,
  ) {
    this.situation = structuredClone(situation);
    this.files = Array.from({ length: fileCount }, (_, at) => join(folder, `file${at}.txt`));
    this.names = new Names(this.situation, plan.classes);
    this.oracle = new Oracle(plan, this.situation, this.files, this.names, (identity) =>
      this.ideal.generationOf(identity),
    );
    this.world = new World(plan, this.situation, folder, this.files, this.names);
  }

  begin(): void {
    for (const file of this.files) writeFileSync(file, 'a');
    this.world.start();
  }

  /** The call that is meant by numbers, taken modulo what there is; `undefined` where there is none. */
  callMeant(node: number, method: number, n: number): Asked | undefined {
    const { nodes } = this.situation;
    const callable = [...nodes.keys()].filter(
      (at) => this.names.of(at) !== undefined && this.classOf(at).methods.length > 0,
    );
    const at = callable[node % callable.length];
    if (at === undefined) return undefined;
    const { methods } = this.classOf(at);
    const chosen = method % methods.length;
    return { node: at, method: chosen, n: methods[chosen]?.form === 'getter' ? 0 : n };
  }

  /** The method of a call by its name, and its arguments, as the library's functions take them. */
  named({ node, method, n }: Asked): [name: never, ...args: unknown[]] {
    return [`m${method}` as never, ...(argumentsOf(this.classOf(node), method, n) ?? [])];
  }

  classOf(node: number): ClassPlan {
    return this.plan.classes[this.situation.nodes[node]?.cls ?? 0] as ClassPlan;
  }

  /** Is there still such a call? Another class may stand there now. */
  isThere({ node, method, n }: Asked): boolean {
    const { methods } = this.classOf(node);
    return (
      this.names.of(node) !== undefined && method < methods.length && (methods[method]?.form !== 'getter' || n === 0)
    );
  }

  /** Asks at once, and compares values and work. */
  async ask(calls: readonly Asked[]): Promise<void> {
    this.last = calls;
    const made = this.compute(calls);
    if (made === undefined) return;
    this.world.log.length = 0;
    const answers = await Promise.all(calls.map((call) => this.world.ask(call)));
    this.check(calls, made, answers, [...this.world.log]);
  }

  /** What calls come to; `undefined` where that is not in the scope of the model. */
  compute(calls: readonly Asked[]): (Made | undefined)[] | undefined {
    try {
      return calls.map((call) => this.oracle.compute(call));
    } catch (error) {
      if (error instanceof OutOfScopeError) return undefined;
      throw error;
    }
  }

  check(
    calls: readonly Asked[],
    made: readonly (Made | undefined)[],
    answers: readonly Outcome[],
    ran: readonly Asked[],
  ): void {
    for (const [at, answer] of answers.entries()) {
      const right = made[at]?.outcome;
      const wrong = right && differenceOf(answer, right);
      if (wrong !== undefined) throw new Fault(`${callText(calls[at] as Asked)}: ${wrong}`);
    }
    this.settle(made, ran);
  }

  /** Compares the work that was done, here or in another process, with the work that had to be done. */
  settle(made: readonly (Made | undefined)[], ran: readonly Asked[], isElsewhere = false): void {
    const { isReadonly, isSmall } = this.situation;
    const known = made.filter((each) => each !== undefined);
    const { counts, calls } = this.ideal.allow(known, isElsewhere);
    const done = new Map<string, number>();
    for (const call of ran) {
      // What has no name runs uncached.
      if (this.names.of(call.node) === undefined) continue;
      const text = callText(call);
      done.set(text, (done.get(text) ?? 0) + 1);
    }
    const isLost = isReadonly && (isSmall || isElsewhere);
    for (const [text, count] of done) {
      const allowed = isReadonly && isSmall && (counts.get(text) ?? 0) > 0 ? Infinity : (counts.get(text) ?? 0);
      if (count > allowed)
        throw new Fault(`computed ${text} ${count} times instead of ${allowed}, in ${ran.map(callText).join()}`);
      const call = calls.get(text);
      if (call !== undefined && !isLost) this.ideal.store(call, !isReadonly);
    }
    if (unfinished.size > 0) throw new Fault('something is still being computed');
  }
}

/** Where an answer is not what it should be; `undefined` where it is. */
export function differenceOf(answer: Outcome, right: Outcome): string | undefined {
  const shown = `gave ${text(answer)} instead of ${text(right)}`;
  if ('error' in answer || 'error' in right) return text(answer) === text(right) ? undefined : shown;
  const [kind, rightKind] = [kindOf(answer.value), kindOf(right.value)];
  if (kind !== rightKind) return shown;
  // Tables keep what they looked up, and functions are always others.
  if (kind === 'table' || kind === 'function') return text(answer) === text(right) ? undefined : shown;
  const found = difference(answer.value, right.value);
  return found && `${shown}: ${found}`;
}

function text(outcome: Outcome): string {
  if ('error' in outcome) return outcome.error;
  const { value } = outcome;
  switch (kindOf(value)) {
    case 'function':
      return `() => ${String((value as () => number)())}`;
    case 'map':
      return `Map ${String([...(value as Map<string, unknown>)])}`;
    case 'table': {
      const table = value as Table;
      return JSON.stringify([table.schema.fields.map(({ name, type }) => `${name}: ${String(type)}`), table.toArray()]);
    }
    case 'ndarray':
      return `ndarray ${JSON.stringify(value)}`;
    default:
      return value === undefined ? 'undefined' : JSON.stringify(value);
  }
}
