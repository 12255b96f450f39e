/** Always computes: what a call gives, and what it is made of, from the plan alone. */
import { readFileSync } from 'node:fs';
import { bodyOf, kindOf, numberIn, resultOf, shifted, type Body, type Request } from './body.js';
import { argumentSeen } from './classes.js';
import type { Name, Names } from './names.js';
import { heldIn, methodMeant, type Plan, type Situation, type Whom } from './plan.js';

export interface Asked {
  node: number;
  method: number;
  n: number;
}

export type Outcome = { value: unknown } | { error: string };

/** Tells one stored result from another. */
export interface Identity extends Asked {
  folder: string;
  root: number;
  path: string;
  /** Of the root, and of the object. */
  classes: string;
  own: string;
}

/** A call that was computed. */
export interface Made {
  identity: Identity;
  outcome: Outcome;
  /** What it used, by name. */
  uses: Map<string, string>;
  /** The cached calls that it made. */
  calls: Made[];
  /** Can it be stored? */
  isKept: boolean;
  /** It depends on what nobody can look at. */
  isSpoiled: boolean;
}

/** A computation under way. */
interface Frame {
  node: number;
  uses: Map<string, string>;
  calls: Made[];
  /** It depends on what nobody can look at. */
  isSpoiled: boolean;
}

/** A body that runs: of which object and method, in which computation. */
interface Running {
  node: number;
  before: number;
  isAsync: boolean;
  frame: Frame;
}

/** A call that is not to be asked for: it makes too many others, or meets a gap. */
export class OutOfScopeError extends Error {}

const mostCalls = 400;

export class Oracle {
  private calls = 0;

  constructor(
    private readonly plan: Plan,
    private readonly situation: Situation,
    private readonly files: readonly string[],
    private readonly names: Names,
    private readonly generationOf: (identity: Identity) => string,
  ) {}

  /** What a call gives; `undefined` where it is of no object that a root has. */
  compute(asked: Asked): Made | undefined {
    this.calls = 0;
    const name = this.names.of(asked.node);
    return name && this.make(asked, name);
  }

  identityOf({ node, method, n }: Asked, name: Name): Identity {
    const { node: top, tag, prefix } = this.situation.roots[name.root] ?? this.absent();
    const cls = (at: number): string => `C${this.node(at).cls}`;
    const seen = argumentSeen(this.classOf(node), method, n);
    const own = JSON.stringify(this.parametersOf(node));
    const classes = `${cls(top)} ${cls(node)}`;
    return { folder: prefix + tag, root: name.root, path: name.path, classes, node, method, n: seen, own };
  }

  private make(asked: Asked, name: Name): Made {
    if (this.calls++ > mostCalls) throw new OutOfScopeError('too many calls');
    const identity = this.identityOf(asked, name);
    const frame: Frame = { node: asked.node, uses: new Map(), calls: [], isSpoiled: false };
    const outcome = this.outcomeOf(identity, frame);
    const isKept = 'value' in outcome && typeof outcome.value !== 'function' && !frame.isSpoiled;
    const { uses, calls, isSpoiled } = frame;
    return { identity, outcome, uses, calls, isKept, isSpoiled };
  }

  private outcomeOf({ node, method, n }: Asked, frame: Frame): Outcome {
    const { form, kind, steps } = this.classOf(node).methods[method] ?? this.absent();
    try {
      const running = { node, before: method, isAsync: form === 'async', frame };
      const { cls } = this.node(node);
      const { shift, note } = this.situation.code[cls] ?? this.absent();
      frame.uses.set(`code C${cls}`, `${shift} ${note}`);
      frame.uses.set(`helpers ${node}`, this.helpersOf(node));
      return { value: resultOf(kind, shifted(this.run(bodyOf(steps, n), running), shift)) };
    } catch (error) {
      if (error instanceof OutOfScopeError) throw error;
      return { error: String(error) };
    }
  }

  private run(body: Body, running: Running): number {
    for (let step = body.next(); ;) {
      if (step.done === true) return step.value;
      let answers: unknown[];
      try {
        answers = this.answer(step.value, running);
      } catch (error) {
        if (error instanceof OutOfScopeError) throw error;
        step = body.throw(error);
        continue;
      }
      step = body.next(answers);
    }
  }

  private answer(request: Request, running: Running): unknown[] {
    const { node, frame } = running;
    switch (request.ask) {
      case 'parameter':
        return this.targets(node, request.of)
          .filter((target) => request.name < this.classOf(target).parameters)
          .map((target) => this.read(target, request.name, frame));
      case 'file': {
        const text = contentOf(this.files[request.file] ?? '');
        frame.uses.set(`file ${request.file}`, text);
        return [text];
      }
      case 'dataset':
        // What an uncached method makes of the tag of another root is not followed.
        if (this.names.of(node)?.root !== this.names.of(frame.node)?.root)
          throw new OutOfScopeError('the tag of another root');
        return [datasetNumber(this.names.tagOf(node))];
      case 'help':
        return this.targets(node, request.of).map((target) =>
          this.run(bodyOf(this.plan.helper, request.n), { ...running, node: target, before: 0, isAsync: false }),
        );
      case 'call': {
        const outcomes: Outcome[] = [];
        for (const target of this.targets(node, request.of)) {
          const before = request.of === 'self' ? running.before : Infinity;
          const method = methodMeant(this.classOf(target), request.method, { isAsync: running.isAsync, before });
          if (method === undefined) continue;
          const outcome = this.call({ node: target, method, n: request.n }, frame);
          outcomes.push(outcome);
          // An asynchronous method asks all at once.
          if ('error' in outcome && !running.isAsync) break;
        }
        return outcomes.map((outcome) => {
          if ('error' in outcome) throw new Error(outcome.error.replace('Error: ', ''));
          return outcome.value;
        });
      }
    }
  }

  /** Which classes it has below itself, and where: who has all of an object, as these methods do, may call them. */
  private helpersOf(top: number): string {
    const open = [{ node: top, path: '' }];
    const met = new Set([top]);
    for (const { node, path } of open) {
      for (const slot of ['left', 'right', 'list', 'map'] as const) {
        for (const at of heldIn(this.node(node), slot)) {
          if (!met.has(at)) open.push({ node: at, path: `${path}.${slot} C${this.node(at).cls}` });
          met.add(at);
        }
      }
    }
    return [...new Set(open.map(({ path }) => path))].join();
  }

  private read(node: number, name: 0 | 1, frame: Frame): number {
    const value = this.node(node).parameters[name];
    if (node === frame.node) return value;
    const found = this.names.of(node);
    if (found === undefined) frame.isSpoiled = true;
    else {
      this.notePlace(node, found, frame);
      frame.uses.set(`parameter ${this.placeOf(found)} ${name}`, String(value));
    }
    return value;
  }

  private call(asked: Asked, frame: Frame): Outcome {
    const { node, method, n } = asked;
    const name = this.names.of(node);
    const parameters = this.parametersOf(node);
    if (name === undefined) {
      // What has no name runs as if it were not cached.
      if (parameters.length > 0) frame.isSpoiled = true;
      return this.outcomeOf({ node, method, n: argumentSeen(this.classOf(node), method, n) }, frame);
    }
    if (node !== frame.node) {
      this.notePlace(node, name, frame);
      if (parameters.length > 0) frame.uses.set(`parameters ${this.placeOf(name)}`, JSON.stringify(parameters));
    }
    const made = this.make(asked, name);
    frame.calls.push(made);
    if (made.isKept)
      frame.uses.set(`call ${keyOf(made.identity)}`, digestOf(made.outcome) + this.generationOf(made.identity));
    else {
      for (const [use, digest] of made.uses) frame.uses.set(use, digest);
      this.noteClass(node, name, frame);
    }
    if (made.isSpoiled) frame.isSpoiled = true;
    return made.outcome;
  }

  /** Where an object stands that is used, and how many members the collections have that it is one of. */
  private notePlace(node: number, name: Name, frame: Frame): void {
    const own = this.names.of(frame.node)?.root;
    if (own !== undefined && own !== name.root) {
      this.noteForeign(node, name, own, frame);
      this.noteMembership(node, own, frame);
    } else if (name.isLate) this.noteClass(node, name, frame);
    this.noteMembership(node, name.root, frame);
  }

  private noteClass(node: number, name: Name, frame: Frame): void {
    if (node !== frame.node) frame.uses.set(`standing ${this.placeOf(name)}`, `C${this.node(node).cls}`);
  }

  private noteForeign(node: number, name: Name, own: number, frame: Frame): void {
    const top = this.situation.roots[name.root]?.node ?? 0;
    const met = [node, top].find((each) => this.names.pathOfForeign(own, each) !== undefined);
    const path = met === undefined ? undefined : this.names.pathOfForeign(own, met);
    if (path === undefined) return;
    const there = met === top ? { root: name.root, path: 'root' } : name;
    frame.uses.set(`standing ${this.placeOf({ root: own, path })}`, this.placeOf(there));
  }

  private noteMembership(node: number, root: number, frame: Frame): void {
    for (const { path, node: owner, slot } of this.names.collectionsOf(root, node)) {
      const count = heldIn(this.node(owner), slot).length;
      frame.uses.set(`members ${this.placeOf({ root, path })}`, String(count));
    }
  }

  private placeOf({ root, path }: Pick<Name, 'root' | 'path'>): string {
    const { tag, prefix } = this.situation.roots[root] ?? this.absent();
    return `${prefix}${tag} ${root} ${path}`;
  }

  private targets(node: number, of: Whom): number[] {
    if (of === 'self') return [node];
    if (of === 'statics') return [this.situation.roots.at(-1)?.node ?? 0];
    return heldIn(this.node(node), of);
  }

  private parametersOf(node: number): number[] {
    return this.node(node).parameters.slice(0, this.classOf(node).parameters);
  }

  private classOf(node: number): Plan['classes'][number] {
    return this.plan.classes[this.node(node).cls] ?? this.absent();
  }

  private node(at: number): Situation['nodes'][number] {
    return this.situation.nodes[at] ?? this.absent();
  }

  private absent(): never {
    throw new RangeError('the plan names what it has not');
  }
}

export function keyOf({ folder, root, path, classes, method, n, own }: Identity): string {
  return [folder, root, path, classes, method, n, own].join('|');
}

function digestOf(outcome: Outcome): string {
  return 'value' in outcome ? `${kindOf(outcome.value)} ${numberIn(outcome.value)}` : outcome.error;
}

export function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return 'absent';
  }
}

/** A number for a tag, which stands for its data. */
export function datasetNumber(tag: string | undefined): number {
  return tag === undefined ? 0 : Number(tag.at(-1));
}
