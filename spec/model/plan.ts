/** What a sequence runs on, made from a seed as plain data: classes, and the objects of them. */
import fc from 'fast-check';

/** Where an object holds others: two fields, an array, a Map, and two `#private` fields, the second of which says nothing. */
export const slots = ['left', 'right', 'list', 'map', 'hidden', 'secret'] as const;
export type Slot = (typeof slots)[number];
export const singleSlots = ['left', 'right', 'hidden', 'secret'] as const;

/** Whom a step turns to. */
export type Whom = Slot | 'self' | 'statics';

/** What a method does one after the other; each adds to its sum. */
export type Step =
  | { take: 'parameter'; of: Whom; name: 0 | 1 }
  | { take: 'file'; file: number }
  | { take: 'call'; of: Whom; method: number; n: 'same' | 0 | 1; catches: boolean }
  | { take: 'help'; of: Whom; catches: boolean }
  | { take: 'dataset' | 'check' | 'fold' };

export const forms = ['plain', 'async', 'getter', 'rest', 'keyword'] as const;
export type Form = (typeof forms)[number];
export const kinds = ['number', 'object', 'typed', 'ndarray', 'table', 'undefined', 'map', 'function'] as const;
export type Kind = (typeof kinds)[number];

export interface MethodPlan {
  form: Form;
  kind: Kind;
  steps: Step[];
}

/** Without methods nothing of it is cached. */
export interface ClassPlan {
  /** How many `@parameter` fields it has. */
  parameters: number;
  methods: MethodPlan[];
}

/** One object: of which class, and what it holds, by number. */
export interface NodePlan {
  cls: number;
  parameters: [number, number];
  left?: number;
  right?: number;
  list: number[];
  map: [string, number][];
  hidden?: number;
  secret?: number;
  /** Attached once the roots are tagged. */
  late: boolean;
}

/** All that can change and is no file. */
export interface Situation {
  nodes: NodePlan[];
  /** In the order in which they are tagged. */
  roots: { node: number; tag: string; prefix: string }[];
  isReadonly: boolean;
  isSmall: boolean;
  /** What constants of helpers are, by class. */
  code: CodePlan[];
}

/** Of the code of a class: what a helper adds to each result, and what it reads to no effect. */
export interface CodePlan {
  shift: number;
  note: number;
}

export interface Plan {
  /** The last one has static methods alone. */
  classes: ClassPlan[];
  /** What the one method does that is not cached, and that every object has. */
  helper: Step[];
  start: Situation;
}

export const fileCount = 2;
const below = (max: number): fc.Arbitrary<number> => fc.nat({ max: max - 1 });

const whom = fc.constantFrom<Whom>('left', 'left', 'right', 'list', 'map', 'hidden', 'secret', 'self', 'statics');
const call = fc.record({
  take: fc.constant('call' as const),
  of: whom,
  method: below(3),
  n: fc.constantFrom('same' as const, 0 as const, 1 as const),
  catches: fc.boolean(),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: call },
  {
    weight: 2,
    arbitrary: fc.record({
      take: fc.constant('parameter' as const),
      of: whom,
      name: fc.constantFrom(0 as const, 1 as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ take: fc.constant('file' as const), file: below(fileCount) }) },
  // How many members a collection has is seen where cached methods of them are called.
  {
    weight: 1,
    arbitrary: fc.record({
      take: fc.constant('help' as const),
      of: whom.filter((of) => of !== 'list' && of !== 'map'),
      catches: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ take: fc.constantFrom('dataset' as const, 'check' as const, 'fold' as const) }) },
);

/** The first method of a class is synchronous, so that every class of the same kind can be asked alike. */
function methodIn(allowed: readonly Form[]): fc.Arbitrary<MethodPlan> {
  return fc.record({
    form: fc.constantFrom(...allowed),
    kind: fc.constantFrom<Kind>('number', ...kinds),
    steps: fc.array(step, { maxLength: 3 }),
  });
}

const methods = fc.tuple(methodIn(['plain']), fc.array(methodIn(forms), { maxLength: 2 }));
const classPlan: fc.Arbitrary<ClassPlan> = fc.record({
  parameters: fc.constantFrom(0, 1, 1, 2),
  methods: fc.oneof(
    { weight: 5, arbitrary: methods.map(([first, others]) => [first, ...others]) },
    { weight: 1, arbitrary: fc.constant<MethodPlan[]>([]) },
  ),
});
const ownSteps = fc.array(
  step.filter(({ take }) => take !== 'call' && take !== 'help' && take !== 'parameter'),
  { maxLength: 2 },
);
const statics = fc.record({ form: fc.constant('plain' as const), kind: fc.constantFrom(...kinds), steps: ownSteps });

/** An object before its place is known; parents are taken modulo the number of those before it. */
const draft = fc.record({
  cls: below(4),
  parameters: fc.tuple(below(2), below(2)),
  late: fc.boolean(),
  places: fc.array(fc.record({ parent: fc.nat(), slot: fc.constantFrom(...slots) }), { minLength: 1, maxLength: 2 }),
});

export const plan: fc.Arbitrary<Plan> = fc
  .record({
    classes: fc.array(classPlan, { minLength: 1, maxLength: 4 }),
    statics: fc.array(statics, { minLength: 1, maxLength: 2 }),
    helper: fc.array(
      // Nothing goes round in a circle.
      step.filter((each) => each.take !== 'help' || !['self', 'statics'].includes(each.of)),
      { maxLength: 2 },
    ),
    drafts: fc.array(draft, { minLength: 1, maxLength: 6 }),
    secondRoot: fc.constantFrom('none' as const, 'none' as const, 'inside' as const, 'beside' as const),
  })
  .map(({ classes, statics, helper, drafts, secondRoot }) => {
    const nodes = drafts.map(({ cls, parameters, late }, at): NodePlan => ({
      cls: cls % classes.length,
      parameters,
      list: [],
      map: [],
      late: late && at > 0,
    }));
    // Those that are attached later come last in their collections, as they do in the code.
    const inOrder = [...nodes.entries()].sort(([, one], [, other]) => Number(one.late) - Number(other.late));
    for (const [at] of inOrder) {
      if (at === 0 || (at === 1 && secondRoot === 'beside')) continue;
      for (const { parent, slot } of drafts[at]?.places ?? []) place(nodes, nodes[parent % at] as NodePlan, slot, at);
    }
    const aimed = classes.map((each, at) => aimedAt(heldByClass(nodes, at), each));
    const second = secondRoot === 'none' || nodes.length < 2 ? [] : [{ node: 1, tag: 'sky1', prefix: 'cache' }];
    const toolbox = nodes.push({ cls: classes.length, parameters: [0, 0], list: [], map: [], late: false }) - 1;
    return {
      classes: [...aimed, { parameters: 0, methods: statics }],
      helper,
      start: {
        nodes,
        roots: [
          ...second,
          { node: 0, tag: 'night1', prefix: 'cache' },
          { node: toolbox, tag: 'tools1', prefix: 'cache' },
        ],
        isReadonly: false,
        isSmall: false,
        code: Array.from({ length: classes.length + 1 }, () => ({ shift: 0, note: 0 })),
      },
    };
  });

function heldByClass(nodes: readonly NodePlan[], cls: number): Slot[] {
  return slots.filter((slot) => nodes.some((node) => node.cls === cls && heldIn(node, slot).length > 0));
}

/** What a class asks of others, it asks of those that its objects hold. */
function aimedAt(filled: readonly Slot[], { parameters, methods }: ClassPlan): ClassPlan {
  const aim = (step: Step): Step => {
    if (!('of' in step) || step.of === 'self' || step.of === 'statics' || filled.includes(step.of)) return step;
    // How many members a collection has is seen where cached methods of them are called.
    const possible = filled.filter((slot) => step.take !== 'help' || (slot !== 'list' && slot !== 'map'));
    return { ...step, of: possible[slots.indexOf(step.of) % possible.length] ?? step.of };
  };
  return { parameters, methods: methods.map((method) => ({ ...method, steps: method.steps.map(aim) })) };
}

/** Puts an object into another one, if it is not there already; where one is in the way, into the array. */
export function place(nodes: readonly NodePlan[], parent: NodePlan, slot: Slot, at: number): void {
  if (held(parent).includes(at) || nodes[at] === parent) return;
  if (slot === 'map') parent.map.push([`k${parent.map.length}`, at]);
  else if (slot === 'list' || parent[slot] !== undefined) parent.list.push(at);
  else parent[slot] = at;
}

/** What an object holds. */
function held(node: NodePlan): number[] {
  return slots.flatMap((slot) => heldIn(node, slot));
}

export function heldIn(node: NodePlan, slot: Slot): number[] {
  if (slot === 'list') return node.list;
  if (slot === 'map') return node.map.map(([, member]) => member);
  const at = node[slot];
  return at === undefined ? [] : [at];
}

/**
 * Which method of a class a step means: one of those that the asking one can use. A synchronous method uses no asynchronous
 * one, and none uses its own object's later ones, so that nothing goes round in a circle.
 */
export function methodMeant(
  { methods }: ClassPlan,
  wanted: number,
  { isAsync, before }: { isAsync: boolean; before: number },
): number | undefined {
  const possible = [...methods.keys()].filter((at) => at < before && (isAsync || methods[at]?.form !== 'async'));
  return possible[wanted % possible.length];
}
