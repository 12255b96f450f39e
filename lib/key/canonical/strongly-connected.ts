/** Which objects of a graph contain themselves, by Tarjan's algorithm, without recursion. */
import { DEEPEST } from './encoder.js';
import { Opaque, Plan, Refusal } from './plan.js';

interface Visit {
  readonly value: object;
  readonly parts: readonly object[];
  at: number;
}

/**
 * Groups of objects that contain each other, and single ones that contain themselves; a group comes before those that
 * contain it. (R. Tarjan, Depth-first search and linear graph algorithms, 1972.)
 */
export function stronglyConnected(root: Plan, planOf: (value: object) => Plan): object[][] {
  const components: object[][] = [];
  const order = new Map<object, number>();
  const low = new Map<object, number>();
  const open: object[] = [];
  const isOpen = new Set<object>();
  const visits: Visit[] = [];

  const enter = (value: object): void => {
    if (visits.length > DEEPEST) throw new Refusal(`nested more than ${DEEPEST} levels deep`);
    order.set(value, order.size);
    low.set(value, order.size - 1);
    open.push(value);
    isOpen.add(value);
    visits.push({ value, parts: partsOf(planOf(value)), at: 0 });
  };
  const lower = (value: object, to: number): void => {
    low.set(value, Math.min(low.get(value) as number, to));
  };
  const leave = ({ value, parts }: Visit): void => {
    visits.pop();
    const above = visits.at(-1);
    if (above !== undefined) lower(above.value, low.get(value) as number);
    if (low.get(value) !== order.get(value)) return;
    const members = open.splice(open.lastIndexOf(value));
    for (const member of members) isOpen.delete(member);
    if (members.length > 1 || parts.includes(value)) components.push(members);
  };

  for (const start of partsOf(root)) {
    if (!order.has(start)) enter(start);
    for (let visit = visits.at(-1); visit !== undefined; visit = visits.at(-1)) {
      const part = visit.parts[visit.at++];
      if (part === undefined) leave(visit);
      else if (!order.has(part)) enter(part);
      else if (isOpen.has(part)) lower(visit.value, order.get(part) as number);
    }
  }
  return components;
}

/** The objects that a plan's items are, or hold in plans of their own. */
function partsOf(plan: Plan): object[] {
  const parts: object[] = [];
  const collect = ({ items }: Plan): void => {
    for (const item of items) {
      if (item === null || (typeof item !== 'object' && typeof item !== 'function')) continue;
      if (Plan.is(item)) collect(item);
      else if (!Opaque.is(item)) parts.push(item);
    }
  };
  collect(plan);
  return parts;
}
