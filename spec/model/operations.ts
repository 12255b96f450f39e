/** What happens in a sequence: each kind of operation, made from a seed as plain data, and what it does. */
import { existsSync, rmSync, truncateSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { accept, clearCache, explain, forget, getDiskCacher, invalidate, revalidate } from 'stowage';
import { stowage } from '../support/output/command-line.js';
import { askElsewhere } from './elsewhere.js';
import { type Part, parameterNames } from './classes.js';
import type { Asked, Identity } from './oracle.js';
import { fileCount, heldIn, place, type NodePlan, type Plan, type Situation } from './plan.js';
import { Fault, type Run } from './run.js';

/** A kind of operation. */
interface Kind<T> {
  /** How often there is one. */
  weight: number;
  make: fc.Arbitrary<T>;
  perform(run: Run, operation: T): void | Promise<void>;
}

const number = fc.nat({ max: 11 });
const call = { node: fc.oneof(fc.constantFrom(0, 1), number), method: fc.nat({ max: 2 }), n: fc.nat({ max: 1 }) };
const afterwards = fc.constantFrom('tag' as const, 'start' as const);
type Afterwards = 'tag' | 'start';

function kind<T>(
  weight: number,
  make: fc.Arbitrary<T>,
  perform: (run: Run, operation: T) => void | Promise<void>,
): Kind<T> {
  return { weight, make, perform };
}

const kinds = {
  /** Asks for one call or two at once, and again. */
  ask: kind(
    10,
    fc.record({ ...call, other: fc.option(fc.record(call), { freq: 5 }), again: fc.boolean() }),
    async (run, { node, method, n, other, again }) => {
      const calls = [run.callMeant(node, method, n), other && run.callMeant(other.node, other.method, other.n)].filter(
        (each) => each !== undefined && each !== null,
      );
      await run.ask(calls);
      if (again) await run.ask(calls);
    },
  ),
  /** Asks in a process of its own. */
  elsewhere: kind(1, fc.record(call), async (run, { node, method, n }) => {
    // So that the objects have the names here that they get there.
    start(run);
    const meant = run.callMeant(node, method, n);
    if (meant === undefined) return;
    askElsewhere(run, meant);
    await run.ask([meant]);
  }),
  /** What an asynchronous call gives while a parameter is set is no matter; what is stored of it is. */
  meanwhile: kind(
    2,
    fc.record({ ...call, set: fc.record({ node: number, name: fc.nat({ max: 1 }) }), at: fc.nat({ max: 5 }) }),
    async (run, { node, method, n, set, at }) => {
      const asked = run.callMeant(node, method, n);
      if (asked === undefined) return;
      const { world } = run;
      let ticks = 0;
      world.tick = () => {
        if (ticks++ === at) setParameter(run, set.node, set.name, (value) => 1 - value);
      };
      world.log.length = 0;
      await world.ask(asked);
      world.tick = () => undefined;
      const touched = new Set(world.log.map(({ node: ran }) => ran));
      // Whether that could be stored is its own affair.
      run.ideal.clear((identity) => touched.has(identity.node));
      await run.ask([asked]);
    },
  ),
  start: kind(3, fc.constant({}), (run) => {
    start(run);
  }),
  tag: kind(2, fc.record({ root: number, tag: fc.constantFrom('1', '2') }), (run, { root: meant, tag }) => {
    const { roots } = run.situation;
    for (const [at, root] of roots.entries()) {
      if (at !== meant % roots.length) continue;
      root.tag = root.tag.slice(0, -1) + tag;
      run.world.tag(at);
    }
    run.ideal.forget();
  }),
  prefix: kind(1, fc.record({ root: number, prefix: fc.constantFrom('cache', 'psf') }), (run, { root, prefix }) => {
    const at = root % run.situation.roots.length;
    rootAt(run, at).prefix = prefix;
    run.world.tag(at);
    run.ideal.forget();
  }),
  parameter: kind(6, fc.record({ node: number, name: fc.nat({ max: 1 }) }), (run, { node, name }) => {
    setParameter(run, node, name, (before) => 1 - before);
  }),
  file: kind(
    3,
    fc.record({
      file: fc.nat({ max: fileCount - 1 }),
      text: fc.constantFrom('a', 'bb', 'bad', 'absent'),
      then: fc.constantFrom('revalidate' as const, 'tag' as const, 'start' as const),
    }),
    (run, { file, text, then }) => {
      const path = run.files[file] ?? '';
      if (text === 'absent') rmSync(path, { force: true });
      else writeFileSync(path, text);
      // Memory is not looked at again by itself.
      if (then === 'revalidate') revalidateAll(run);
      else goOn(run, then);
    },
  ),
  invalidate: kind(
    2,
    fc.record({ ...call, what: fc.constantFrom('object' as const, 'method' as const, 'call' as const) }),
    (run, { node, method, n, what }) => {
      const meant = run.callMeant(node, method, n);
      if (meant === undefined || run.situation.isReadonly) return;
      const part = partOf(run, meant.node);
      const [name, ...args] = run.named(meant);
      const identity = identityOf(run, meant);
      const ofCall = what === 'call' && args.length > 0;
      if (what === 'object') invalidate(part);
      else invalidate(part, name, ...(ofCall ? args : []));
      run.ideal.invalidate((each) => {
        if (!isOfSameObject(each, identity)) return false;
        if (what === 'object') return true;
        return each.method === identity.method && (!ofCall || (each.n === identity.n && each.own === identity.own));
      });
    },
  ),
  clear: kind(1, fc.record({ node: number }), (run, { node }) => {
    const at = namedNode(run, node);
    if (at === undefined || run.situation.isReadonly) return;
    const name = run.names.of(at);
    clearCache(partOf(run, at));
    run.ideal.forget();
    if (name === undefined) return;
    const { tag, prefix } = rootAt(run, name.root);
    run.ideal.clear(
      ({ folder, root, path }) =>
        folder === prefix + tag && root === name.root && (path === name.path || path.startsWith(`${name.path}/`)),
    );
  }),
  forget: kind(1, fc.record({ node: number }), (run, { node }) => {
    const at = namedNode(run, node);
    if (at !== undefined) forget(partOf(run, at));
    run.ideal.forget();
  }),
  revalidate: kind(1, fc.constant({}), (run) => {
    revalidateAll(run);
  }),
  accept: kind(1, fc.record({ node: number }), (run, { node }) => {
    const at = namedNode(run, node);
    if (at !== undefined && !run.situation.isReadonly && !run.isEdited) accept(partOf(run, at));
  }),
  /** The code of a class is edited, or edited back, and runs in another process. */
  edit: kind(
    2,
    fc.record({ cls: number, constant: fc.constantFrom('shift' as const, 'note' as const), value: fc.nat({ max: 3 }) }),
    (run, { cls, constant, value }) => {
      const { code } = run.situation;
      const edited = code[cls % code.length];
      if (edited === undefined || edited[constant] === value) return;
      edited[constant] = value;
      run.isEdited ||= constant === 'shift';
      start(run);
    },
  ),
  /** Another object comes into the place of one: of the same class, or of another of the same kind. */
  replace: kind(2, fc.record({ node: number, cls: number, then: afterwards }), (run, { node, cls, then }) => {
    const { nodes } = run.situation;
    const at = node % (nodes.length - 1);
    const own = nodeOf(run, at);
    if (run.situation.roots.some((root) => root.node === at)) return;
    const kindOfClass = ({ parameters, methods }: Plan['classes'][number]): string =>
      `${parameters} ${methods.length > 0}`;
    const wanted = run.plan.classes[own.cls] as Plan['classes'][number];
    const possible = [...run.plan.classes.keys()].filter(
      (each) =>
        each < run.plan.classes.length - 1 &&
        kindOfClass(run.plan.classes[each] as Plan['classes'][number]) === kindOfClass(wanted),
    );
    own.cls = possible[cls % possible.length] ?? own.cls;
    run.world.make(at);
    goOn(run, then);
  }),
  /** One more member of a collection that has some, or one less of one that has more. */
  members: kind(
    2,
    fc.record({
      node: number,
      slot: fc.constantFrom('list' as const, 'map' as const),
      what: fc.constantFrom('add' as const, 'remove' as const, 'swap' as const),
      then: afterwards,
    }),
    (run, { node, slot, what, then }) => {
      const { nodes } = run.situation;
      const owners = [...nodes.keys()].filter((at) => canChange(run, at, slot));
      const owner = nodes[owners[node % owners.length] ?? -1];
      if (owner === undefined) return;
      const members = owner[slot];
      if (what === 'remove' && members.length > 1) members.pop();
      else if (what === 'swap' && heldIn(owner, slot).every((at) => nodes[at]?.late === false)) members.reverse();
      else if (what === 'add') {
        const { cls, late } = nodes[heldIn(owner, slot).at(-1) ?? 0] as NodePlan;
        nodes.push({ cls, parameters: [1, 0], list: [], map: [], late });
        run.world.make(nodes.length - 1);
        place(nodes, owner, slot, nodes.length - 1);
      }
      goOn(run, then);
    },
  ),
  prune: kind(1, fc.record({ root: number, forget: fc.boolean() }), async (run, { root, forget: isForgotten }) => {
    if (run.situation.isReadonly) return;
    const { tag, prefix } = rootAt(run, root % run.situation.roots.length);
    const options = ['--yes', '--prefix', prefix, ...(isForgotten ? ['--forget'] : [])];
    await stowage(['prune', tag, ...options], { env: { STOWAGE_TMPDIR: join(run.folder, 'results') } });
    const isMeant = ({ folder }: Identity): boolean => folder === prefix + tag;
    if (isForgotten) run.ideal.clear(isMeant);
    else run.ideal.prune(isMeant);
  }),
  /** A file of a result is damaged or gone. */
  damage: kind(
    2,
    fc.record({
      ...call,
      what: fc.constantFrom('data' as const, 'record' as const),
      how: fc.constantFrom('remove' as const, 'cut' as const, 'flip' as const),
      then: fc.boolean(),
    }),
    (run, { node, method, n, what, how, then }) => {
      const meant = run.callMeant(node, method, n);
      if (meant === undefined || run.situation.isReadonly) return;
      const [name, ...args] = run.named(meant);
      const cacher = getDiskCacher(partOf(run, meant.node), name);
      const file = what === 'data' ? cacher.dataFile(...args) : `${cacher.fullpath(...args)}.json`;
      if (file === undefined || !existsSync(file)) return;
      harms[how](file);
      const identity = identityOf(run, meant);
      run.ideal.clear((each) => isOfSameObject(each, identity) && each.method === identity.method);
      if (then) start(run);
    },
  ),
  readonly: kind(1, fc.record({ isReadonly: fc.boolean() }), (run, { isReadonly }) => {
    run.situation.isReadonly = isReadonly;
    run.world.configure();
  }),
  budget: kind(1, fc.record({ isSmall: fc.boolean() }), (run, { isSmall }) => {
    run.situation.isSmall = isSmall;
    run.world.configure();
    run.ideal.forget();
  }),
};

type Kinds = typeof kinds;
type OperationOf<K extends keyof Kinds> = Kinds[K] extends Kind<infer T> ? { kind: K } & T : never;
/** `asks`: the call that was asked for last is asked for again afterwards. */
export type Operation = { [K in keyof Kinds]: OperationOf<K> }[keyof Kinds] & { asks: boolean };

/** @param elsewhere how often a call is asked for in another process */
export function operationIn({ elsewhere = 0 }: { elsewhere?: number } = {}): fc.Arbitrary<Operation> {
  return fc.oneof(
    ...Object.entries(kinds as Record<string, Kind<object>>).map(([name, { weight, make }]) => ({
      weight: name === 'elsewhere' ? elsewhere : weight,
      arbitrary: fc
        .tuple(make, fc.boolean())
        .map(([operation, asks]) => ({ kind: name, ...operation, asks }) as Operation),
    })),
  );
}

export async function perform(run: Run, operation: Operation): Promise<void> {
  const meant = (kinds as unknown as Record<string, Kind<object>>)[operation.kind];
  await meant?.perform(run, operation);
  if (operation.asks) await run.ask(run.last.filter((call) => run.isThere(call)));
}

const harms = {
  remove: (file: string) => {
    rmSync(file);
  },
  cut: (file: string) => {
    truncateSync(file, Math.floor(readFileSync(file).length / 2));
  },
  flip: (file: string) => {
    const bytes = readFileSync(file);
    const at = Math.floor((bytes.length * 2) / 3);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(file, bytes);
  },
};

function start(run: Run): void {
  run.world.start();
  run.ideal.forget();
}

/** After a change of the hierarchy, which is seen when it is tagged again, or by another process. */
function goOn(run: Run, then: Afterwards): void {
  if (then === 'start') {
    start(run);
    return;
  }
  run.world.rebuild();
  run.ideal.forget();
}

/** How many results in memory there are of the calls that can be made now. */
function inMemory(run: Run): number {
  const isInMemory = (call: Asked): boolean =>
    run.isThere(call) && explain(partOf(run, call.node), ...run.named(call)).state === 'memory';
  const calls = [...run.situation.nodes.keys()].flatMap((node) =>
    [...run.classOf(node).methods.keys()].flatMap((method) => [0, 1].map((n) => ({ node, method, n }))),
  );
  return calls.filter(isInMemory).length;
}

function revalidateAll(run: Run): void {
  const before = inMemory(run);
  const said = run.situation.roots.reduce((sum, { node }) => sum + revalidate(partOf(run, node)), 0);
  const left = before - inMemory(run);
  if (said < left) throw new Fault(`revalidate said ${said}, and ${left} results left memory`);
  // What only memory has cannot be looked at.
  run.ideal.forget();
}

function setParameter(run: Run, node: number, name: number, value: (before: number) => number): void {
  const { nodes } = run.situation;
  const count = (at: number): number => run.classOf(at).parameters;
  const possible = [...nodes.keys()].filter((at) => count(at) > 0);
  const at = possible[node % possible.length];
  if (at === undefined) return;
  const chosen = name % count(at);
  const { parameters } = nodeOf(run, at);
  parameters[chosen] = value(parameters[chosen] ?? 0);
  partOf(run, at)[parameterNames[chosen] ?? 'gain'] = parameters[chosen] ?? 0;
  // What was made of it leaves memory, and what was made of that.
  run.ideal.forget();
}

/** Has an object a collection of named members, whose number is seen? */
function canChange(run: Run, at: number, slot: 'list' | 'map'): boolean {
  return heldIn(nodeOf(run, at), slot).some((member) => run.names.of(member) !== undefined);
}

function isOfSameObject(one: Identity, other: Identity): boolean {
  return (['folder', 'root', 'path', 'classes'] as const).every((part) => one[part] === other[part]);
}

function identityOf(run: Run, asked: Asked): Identity {
  const name = run.names.of(asked.node);
  if (name === undefined) throw new RangeError('no such object');
  return run.oracle.identityOf(asked, name);
}

function namedNode(run: Run, node: number): number | undefined {
  const named = [...run.situation.nodes.keys()].filter((at) => run.names.of(at) !== undefined);
  return named[node % named.length];
}

function partOf(run: Run, at: number): Part {
  return run.world.parts[at] as Part;
}

function nodeOf(run: Run, at: number): NodePlan {
  return run.situation.nodes[at] as NodePlan;
}

function rootAt(run: Run, at: number): Situation['roots'][number] {
  return run.situation.roots[at] as Situation['roots'][number];
}
