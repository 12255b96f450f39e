/** Functions, classes, objects and patterns. */
import { Expressions, type Target, numberOf } from './expressions.js';
import { ARGUMENTS } from './scope.js';
import type { ClassMember } from './use.js';
import { SPECIAL, type Shape } from './writer.js';

interface FunctionKind {
  /** Where its text begins. */
  readonly start: number;
  readonly isAsync?: boolean;
  readonly isGenerator?: boolean;
  /** By which an expression knows itself. */
  readonly ownName?: string | undefined;
}

const MODIFIERS = new Set(['async', 'get', 'set', 'static', 'accessor']);
const FUNCTIONS: ReadonlySet<Shape> = new Set<Shape>(['function', 'wrapped function']);

export abstract class Functions extends Expressions {
  /** Members of the class that the text is, where it is one. */
  protected readonly members: ClassMember[] = [];

  /** Reads statements up to the brace that ends them, and says how many there are. */
  protected abstract statements(): number;

  protected function(isDeclared = false): void {
    const { start } = this;
    const isAsync = this.passName('async');
    this.expect('function');
    const isGenerator = this.pass('*');
    const name = this.kind === 'name' ? this.value : undefined;
    if (name !== undefined) {
      if (isDeclared) this.declare(name, 'let');
      else this.next();
    }
    this.rest({ start, isAsync, isGenerator, ownName: isDeclared ? undefined : name });
  }

  /** From its parameters on. */
  protected rest({ start, isAsync = false, isGenerator = false, ownName }: FunctionKind): void {
    const around = [this.inAsync, this.inGenerator] as const;
    [this.inAsync, this.inGenerator] = [isAsync, isGenerator];
    this.depth++;
    this.open(start, 'later');
    if (ownName !== undefined) this.scope.declare(ownName);
    this.scope.declare('arguments', ARGUMENTS);
    const count = this.parameters();
    this.close();
    this.depth--;
    [this.inAsync, this.inGenerator] = around;
    this.write(`${isAsync ? 'async ' : ''}${isGenerator ? 'generator' : 'function'} ${count};`);
    this.shape = 'function';
  }

  protected arrow(isAsync: boolean, noIn: boolean): void {
    const around = [this.inAsync, this.inGenerator] as const;
    [this.inAsync, this.inGenerator] = [isAsync, false];
    let count = 1;
    this.open(this.start, 'later');
    if (this.isSign('(')) count = this.parameters(noIn);
    else {
      this.declare(this.value, 'let');
      this.arrowBody(true, noIn);
    }
    this.close();
    [this.inAsync, this.inGenerator] = around;
    this.write(`${isAsync ? 'async ' : ''}arrow ${count};`);
    this.shape = 'function';
  }

  /** Parameters and what they are for. Default values do not see the variables of the body. */
  private parameters(noIn = false): number {
    this.expect('(');
    let count = 0;
    let isSimple = true;
    for (; !this.pass(')'); count++) {
      if (this.pass('...')) {
        isSimple = false;
        this.pattern('let');
        this.write('rest;');
      } else {
        isSimple &&= this.kind === 'name';
        this.pattern('let');
        isSimple = !this.defaultValue() && isSimple;
      }
      this.pass(',');
    }
    if (this.isSign('{')) this.body(isSimple);
    else this.arrowBody(isSimple, noIn);
    return count;
  }

  private arrowBody(isSimple: boolean, noIn: boolean): void {
    this.expect('=>');
    if (this.isSign('{')) {
      this.body(isSimple);
      return;
    }
    this.assignment(noIn);
    this.write('return;body 1;');
  }

  private body(isSimple: boolean): void {
    if (!isSimple) this.open(this.start, 'static');
    this.expect('{');
    const count = this.statements();
    this.write(`body ${count};`);
    this.expect('}');
    if (!isSimple) this.close();
  }

  private defaultValue(): boolean {
    if (!this.pass('=')) return false;
    this.assignment();
    this.write('default;');
    return true;
  }

  /** What is assigned to, or declared. */
  protected pattern(target: Target): void {
    if (this.pass('[')) this.listPattern(target);
    else if (this.pass('{')) this.objectPattern(target);
    else if (target !== 'assigned') this.declare(this.value, target);
    else {
      this.operand();
      this.change();
    }
  }

  private listPattern(target: Target): void {
    let count = 0;
    for (; !this.pass(']'); count++) {
      if (this.pass(',')) {
        this.write('hole;');
        continue;
      }
      const isRest = this.pass('...');
      this.pattern(target);
      if (isRest) this.write('rest;');
      else this.defaultValue();
      this.pass(',');
    }
    this.write(`list pattern ${count};`);
  }

  private objectPattern(target: Target): void {
    let count = 0;
    for (; !this.pass('}'); count++) {
      if (this.pass('...')) {
        this.pattern(target);
        this.write('rest;');
      } else {
        const { place } = this;
        this.key();
        if (!this.pass(':')) this.goTo(place);
        this.pattern(target);
        this.defaultValue();
        this.write('property;');
      }
      this.pass(',');
    }
    this.write(`object pattern ${count};`);
  }

  /** Declares the name that is next. */
  protected declare(name: string, target: Exclude<Target, 'assigned'>): void {
    if (this.kind !== 'name') throw this.unreadable();
    let { scope } = this;
    if (target === 'var') while (scope.kind === 'block' && scope.outer !== undefined) scope = scope.outer;
    scope.declare(name);
    this.mention(name, this.start);
    this.next();
  }

  /** The name of a member, if it is written down; `#name` of a private one. */
  protected key(): string | undefined {
    const { kind, value } = this;
    if (kind === 'private') {
      this.mention(value, this.start);
      this.next();
      this.write('key;');
      return value;
    }
    if (!this.pass('[')) {
      if (kind === 'sign' || kind === 'end') throw this.unreadable();
      this.next();
      const name = kind === 'number' ? String(numberOf(value)) : value;
      this.write(`key ${JSON.stringify(name)};`);
      return name;
    }
    const { place } = this;
    if (this.kind === 'string' && !SPECIAL.has(place.value)) {
      this.next();
      if (this.pass(']')) {
        this.write(`key ${JSON.stringify(place.value)};`);
        return undefined;
      }
      this.goTo(place);
    }
    this.assignment();
    this.expect(']');
    this.write('computed key;');
    return undefined;
  }

  /** Words before the name of a member. */
  protected modifiers(): Set<string> {
    const found = new Set<string>();
    while (this.kind === 'name' && MODIFIERS.has(this.value)) {
      const { place } = this;
      this.next();
      const isName = this.is('sign') ? !'[*{'.includes(this.value) : this.is('end');
      const isEnded = this.newline && (place.value === 'async' || place.value === 'accessor');
      const isBrace = this.isSign('{') && place.value !== 'static';
      const isStar = this.isSign('*') && place.value !== 'async' && place.value !== 'static';
      if (isName || isEnded || isBrace || isStar) {
        this.goTo(place);
        break;
      }
      found.add(place.value);
    }
    if (this.pass('*')) found.add('*');
    return found;
  }

  /** The function that a method is, from its parameters on. */
  protected method(start: number, modifiers: ReadonlySet<string>): void {
    this.rest({ start, isAsync: modifiers.has('async'), isGenerator: modifiers.has('*') });
    const accessor = modifiers.has('get') ? 'get' : modifiers.has('set') ? 'set' : undefined;
    if (accessor !== undefined) this.write(`accessor ${accessor};`);
  }

  protected object(): void {
    this.next();
    let count = 0;
    for (; !this.pass('}'); count++) {
      if (this.pass('...')) {
        this.assignment();
        this.write('spread;');
      } else this.property();
      this.pass(',');
    }
    this.write(`object ${count};`);
    this.shape = 'list or object';
  }

  private property(): void {
    const modifiers = this.modifiers();
    const { kind, value, start } = this;
    this.key();
    if (this.isSign('(')) {
      this.method(this.start, modifiers);
      this.write('method;');
    } else if (this.pass(':')) {
      this.assignment();
      this.write('property;');
    } else if (kind === 'name') {
      this.mention(value, start);
      this.defaultValue(); // where it turns out to be a pattern
      this.write(value === '__proto__' ? 'short property;' : 'property;');
    } else throw this.unreadable();
  }

  protected class(isDeclared = false): void {
    const { start } = this;
    this.expect('class');
    const name = this.kind === 'name' && this.value !== 'extends' ? this.value : undefined;
    if (name !== undefined) {
      if (isDeclared) this.declare(name, 'let');
      else this.next();
    }
    let count = 0;
    const isRoot = this.depth === 0 && start === 0;
    this.depth++;
    this.open(start);
    if (name !== undefined && !isDeclared) this.scope.declare(name);
    const isHeir = this.passName('extends');
    if (isHeir) this.operand();
    this.expect('{');
    while (!this.pass('}')) if (!this.pass(';')) count += this.member(isRoot);
    this.close();
    this.depth--;
    this.write(`class${isHeir ? ' of another' : ''} ${count};`);
  }

  private member(isOfRoot: boolean): number {
    const { start } = this;
    const modifiers = this.modifiers();
    const isStatic = modifiers.has('static');
    if (isStatic && this.isSign('{')) return this.staticBlock();
    if (this.kind === 'private') this.scope.declare(this.value);
    const name = this.key();
    const isField = !this.isSign('(');
    if (isField) this.field(isStatic);
    else this.method(this.start, modifiers);
    if (isOfRoot) {
      const isFunction = isField && FUNCTIONS.has(this.shape);
      this.members.push({ name, isField, isFunction, source: this.source.slice(start, this.last) });
    }
    this.pass(';');
    const kind = modifiers.has('accessor') ? 'accessor' : isField ? 'field' : 'method';
    this.write(`${isStatic ? 'static ' : ''}${kind};`);
    return 1;
  }

  protected field(isStatic: boolean): void {
    const around = [this.inAsync, this.inGenerator] as const;
    [this.inAsync, this.inGenerator] = [false, false];
    this.open(this.start, isStatic ? 'static' : 'later');
    if (this.pass('=')) this.assignment();
    else this.write('nothing;');
    this.close();
    [this.inAsync, this.inGenerator] = around;
  }

  /** One that does nothing is none. */
  private staticBlock(): number {
    const around = [this.inAsync, this.inGenerator] as const;
    [this.inAsync, this.inGenerator] = [false, false];
    this.open(this.start, 'static');
    this.expect('{');
    const count = this.statements();
    this.expect('}');
    this.close();
    [this.inAsync, this.inGenerator] = around;
    if (count === 0) return 0;
    this.write(`static block ${count};`);
    return 1;
  }
}
