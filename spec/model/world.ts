/** The library's side: the objects of a situation, tagged, whose cached methods run the bodies of the plan. */
import { join } from 'node:path';
import { configure, dependsOnFile, revalidate, setMemoryBudget, setPrefix, setTag, setTmpdir, untag } from 'stowage';
import { dependents } from '#lib/trace/dependents.js';
import { bodyOf, type Body, type Request } from './body.js';
import { callMethod, classesOf, parameterNames, type Part, type PartClass, type Stage } from './classes.js';
import type { Names } from './names.js';
import { contentOf, datasetNumber, type Asked, type Outcome } from './oracle.js';
import {
  methodMeant,
  singleSlots,
  type ClassPlan,
  type NodePlan,
  type Plan,
  type Situation,
  type Whom,
} from './plan.js';

const large = 2 ** 28;
const small = 300;

export class World implements Stage {
  /** The cached methods that ran. */
  readonly log: Asked[] = [];
  /** Called wherever an asynchronous method waits. */
  tick: () => void = () => undefined;
  parts: Part[] = [];
  private nodes = new Map<object, number>();
  private classes: PartClass[] = [];

  constructor(
    private readonly plan: Plan,
    private readonly situation: Situation,
    private readonly folder: string,
    private readonly files: readonly string[],
    private readonly names: Names,
  ) {}

  /** Everything anew, as a new process has it. */
  start(): void {
    this.end();
    // What one process knows of its results in memory, another does not.
    (dependents as unknown as { links: Map<string, unknown> }).links.clear();
    this.classes = classesOf(this.plan, new WeakRef(this), this.situation.code);
    this.configure();
    this.parts = [];
    this.nodes = new Map();
    for (const at of this.situation.nodes.keys()) this.make(at);
    this.attach(({ late }) => !late);
    for (const root of this.situation.roots.keys()) this.tagPart(root);
    this.attach(({ late }) => late);
    this.names.start();
    this.lookForLate();
  }

  /** An object that two roots reach is of the first that looks: those that are attached late are looked for in order. */
  private lookForLate(): void {
    for (const [at, part] of this.parts.entries()) if (this.names.of(at)?.isLate === true) revalidate(part);
  }

  end(): void {
    for (const { node } of this.situation.roots) if (this.parts[node] !== undefined) untag(this.parts[node]);
  }

  configure(): void {
    configure({ readonly: this.situation.isReadonly, durable: false });
    setMemoryBudget(this.situation.isSmall ? small : large);
  }

  /** Tags a root, as its part of the situation says. */
  tag(root: number): void {
    this.lookForLate();
    this.tagPart(root);
    this.names.tag(root);
    this.names.look();
  }

  private tagPart(root: number): void {
    const { node, tag, prefix } = this.situation.roots[root] ?? { node: 0, tag: '', prefix: '' };
    const part = this.parts[node] as Part;
    setTmpdir(part, join(this.folder, 'results'));
    setPrefix(part, prefix);
    setTag(part, tag);
  }

  /** An object of a number, of the class that the situation says. */
  make(at: number): Part {
    const { cls, parameters } = this.situation.nodes[at] as NodePlan;
    const Class = this.classes[cls] as PartClass;
    const part = cls === this.classes.length - 1 ? (Class as unknown as Part) : new Class();
    for (const [index, name] of parameterNames.slice(0, this.classPlan(at).parameters).entries())
      part[name] = parameters[index] ?? 0;
    this.parts[at] = part;
    this.nodes.set(part, at);
    return part;
  }

  /** Puts into each object what it holds. */
  attach(isMeant: (node: NodePlan) => boolean): void {
    const { nodes } = this.situation;
    const meant = (at: number): boolean => isMeant(nodes[at] as NodePlan);
    for (const [at, node] of nodes.entries()) {
      const part = this.parts[at] as Part;
      for (const slot of singleSlots) {
        const child = node[slot];
        if (child !== undefined && meant(child)) part.put(slot, this.parts[child] as Part);
      }
      for (const child of node.list) if (meant(child)) part.list.push(this.parts[child] as Part);
      for (const [key, child] of node.map) if (meant(child)) part.map.set(key, this.parts[child] as Part);
    }
  }

  /** Lets each object hold what it should, and tags all again. */
  rebuild(): void {
    for (const part of this.parts) {
      if (typeof part === 'function') continue;
      part.list.length = 0;
      part.map.clear();
    }
    this.attach(() => true);
    for (const root of this.situation.roots.keys()) this.tag(root);
  }

  async ask(asked: Asked): Promise<Outcome> {
    try {
      return { value: await this.call(asked) };
    } catch (error) {
      return { error: String(error) };
    }
  }

  private call({ node, method, n }: Asked): unknown {
    return callMethod(this.classPlan(node), this.parts[node] as Part, method, n);
  }

  ran(part: Part, method: number, n: number): void {
    this.log.push({ node: this.nodeOf(part), method, n });
  }

  now(part: Part, method: number, body: Body): number {
    for (let step = body.next(); ;) {
      if (step.done === true) return step.value;
      let answers: unknown[];
      try {
        answers = this.answer(step.value, part, method);
      } catch (error) {
        step = body.throw(error);
        continue;
      }
      step = body.next(answers);
    }
  }

  async later(part: Part, method: number, body: Body): Promise<number> {
    for (let step = body.next(); ;) {
      if (step.done === true) return step.value;
      this.tick();
      await Promise.resolve();
      let answers: unknown[];
      try {
        answers = await this.answerLater(step.value, part, method);
      } catch (error) {
        step = body.throw(error);
        continue;
      }
      step = body.next(answers);
    }
  }

  private answer(request: Request, part: Part, before: number, isAsync = false): unknown[] {
    switch (request.ask) {
      case 'parameter': {
        const name = parameterNames[request.name];
        return this.targets(part, request.of)
          .filter((target) => request.name < this.classPlan(this.nodeOf(target)).parameters)
          .map((target) => target[name]);
      }
      case 'file':
        return [contentOf(dependsOnFile(this.files[request.file] ?? ''))];
      case 'dataset':
        return [datasetNumber(this.names.tagOf(this.nodeOf(part)))];
      case 'help':
        return this.targets(part, request.of).map((target) => this.help(target, request.n));
      case 'call':
        return this.targets(part, request.of).flatMap((target) => {
          const asked = this.nodeOf(target);
          const most = request.of === 'self' ? before : Infinity;
          const method = methodMeant(this.classPlan(asked), request.method, { isAsync, before: most });
          return method === undefined ? [] : [this.call({ node: asked, method, n: request.n })];
        });
    }
  }

  private async answerLater(request: Request, part: Part, before: number): Promise<unknown[]> {
    if (request.ask !== 'call') return this.answer(request, part, before);
    const most = request.of === 'self' ? before : Infinity;
    const settled = await Promise.allSettled(
      this.targets(part, request.of).map(async (target) => {
        const answers = this.answer({ ...request, of: 'self' }, target, most, true);
        return await Promise.all(answers);
      }),
    );
    return settled.flatMap((each) => {
      if (each.status === 'rejected') throw each.reason;
      return each.value;
    });
  }

  /** The method that is not cached. */
  private help(part: Part, n: number): number {
    return this.now(part, 0, bodyOf(this.plan.helper, n));
  }

  private targets(part: Part, of: Whom): Part[] {
    if (of === 'self') return [part];
    if (of === 'statics') return [this.parts[this.situation.roots.at(-1)?.node ?? 0] as Part];
    return part.in(of);
  }

  private classPlan(node: number): ClassPlan {
    return this.plan.classes[this.situation.nodes[node]?.cls ?? 0] as ClassPlan;
  }

  private nodeOf(part: Part): number {
    return this.nodes.get(part) ?? -1;
  }
}
