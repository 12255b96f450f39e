/** Statements. */
import type { Target } from './expressions.js';
import { Functions } from './functions.js';
import { Local } from './scope.js';

const LABEL = /(?:\s|\/\*[^]*?\*\/)*:/y;

/** How a statement that begins with a word is read, and whether it declares something for the block around it. */
interface Kind {
  readonly read: (reader: Statements) => number;
  readonly isLexical?: true;
}

export class Statements extends Functions {
  private readonly labels: Local[] = [];
  /** Does the last statement declare something for the block around it? */
  private isLexical = false;

  /** How many: a declaration of two variables is two, what does nothing none. */
  protected statements(): number {
    let count = 0;
    while (this.kind !== 'end' && !this.isSign('}') && !this.isName('case') && !this.isName('default'))
      count += this.statement();
    return count;
  }

  private statement(): number {
    const kind = this.kindOfNext();
    const count = kind === undefined ? this.otherStatement() : kind.read(this);
    if (count > 0) this.isLexical = kind?.isLexical === true;
    return count;
  }

  private kindOfNext(): Kind | undefined {
    if (this.kind !== 'name') return undefined;
    const kind = KINDS.get(this.value);
    if (kind !== undefined || !CONTEXTUAL.has(this.value)) return kind;
    return this.isDeclaration() ? (this.isName('async') ? KINDS.get('function') : DECLARATION) : undefined;
  }

  /** Is a word that may be a name one that begins a declaration? */
  private isDeclaration(): boolean {
    if (this.value === 'async') return this.isAsyncFunction();
    const { place } = this;
    this.next();
    if (place.value === 'await') {
      if (!this.isName('using')) {
        this.goTo(place);
        return false;
      }
      this.next();
    }
    const isName = this.kind === 'name' && !['in', 'of', 'instanceof'].includes(this.value);
    const is = place.value === 'let' ? isName || this.isSign('[') || this.isSign('{') : isName && !this.newline;
    this.goTo(place);
    return is;
  }

  private otherStatement(): number {
    if (this.pass(';')) return 0;
    if (this.isSign('{')) {
      this.write(`block ${this.block()};`);
      return 1;
    }
    LABEL.lastIndex = this.end;
    if (this.kind === 'name' && LABEL.test(this.source)) return this.labeled();
    if (this.kind === 'string' && this.value === 'use strict' && this.isAlone()) return 0;
    const { mark } = this;
    const isNaming = this.naming.has(this.start);
    this.expression();
    this.pass(';');
    if (isNaming && this.shape === 'name given') {
      this.takeBack(mark);
      return 0;
    }
    this.write('do;');
    return 1;
  }

  /** Passes it, if it is a statement of its own. */
  private isAlone(): boolean {
    const { place } = this;
    this.next();
    if (this.pass(';') || this.isSign('}') || this.kind === 'end' || (this.newline && this.kind !== 'sign'))
      return true;
    this.goTo(place);
    return false;
  }

  /** The statements of a block, without what says that it is one. */
  private block(): number {
    this.open(this.start);
    this.expect('{');
    const count = this.statements();
    this.expect('}');
    this.close();
    return count;
  }

  /** What a condition or loop is about: a single statement needs no braces. */
  private controlled(): void {
    const isBlock = this.isSign('{');
    const count = isBlock ? this.block() : this.statement();
    if (count !== 1 || (isBlock && this.isLexical)) this.write(`block ${count};`);
  }

  private labeled(): number {
    const label = new Local(this.value);
    this.mention(this.value, this.start, label);
    this.next();
    this.expect(':');
    this.labels.push(label);
    this.controlled();
    this.labels.pop();
    this.write('label;');
    return 1;
  }

  /** `break`, `continue` */
  jump(): number {
    const what = this.value;
    this.next();
    const { value } = this;
    const label =
      this.kind === 'name' && !this.newline ? this.labels.findLast(({ name }) => name === value) : undefined;
    if (label !== undefined) {
      this.mention(value, this.start, label);
      this.next();
    }
    this.pass(';');
    this.write(label === undefined ? `${what};` : `${what} to;`);
    return 1;
  }

  /** `return`, `throw` */
  leave(): number {
    const what = this.value;
    this.next();
    const isBare = this.newline || this.isSign(';') || this.isSign('}') || this.kind === 'end';
    if (!isBare) this.expression();
    this.pass(';');
    this.write(isBare ? `${what} nothing;` : `${what};`);
    return 1;
  }

  variables(noIn = false): number {
    if (this.passName('await')) this.write('await;');
    const word = this.value;
    const target: Exclude<Target, 'assigned'> = word === 'var' ? 'var' : 'let';
    const kind = word === 'using' ? 'using' : target;
    this.next();
    let count = 0;
    do {
      this.pattern(target);
      const isSet = this.pass('=');
      if (isSet) this.assignment(noIn);
      this.write(isSet ? `${kind} set;` : `${kind};`);
      count++;
    } while (this.pass(','));
    if (!noIn) this.pass(';');
    return count;
  }

  functionDeclaration(): number {
    this.function(true);
    this.write('declaration;');
    return 1;
  }

  classDeclaration(): number {
    this.class(true);
    this.write('declaration;');
    return 1;
  }

  /** `if`, `while`, `with`, `switch`: the word, and something in parentheses. */
  private head(): void {
    this.next();
    this.expect('(');
    this.expression();
    this.expect(')');
  }

  choice(): number {
    this.head();
    this.controlled();
    if (this.passName('else')) {
      this.controlled();
      this.write('if else;');
    } else this.write('if;');
    return 1;
  }

  headed(): number {
    const what = this.value;
    this.head();
    this.controlled();
    this.write(`${what};`);
    return 1;
  }

  doLoop(): number {
    this.next();
    this.controlled();
    this.head();
    this.pass(';');
    this.write('do while;');
    return 1;
  }

  loop(): number {
    const { start } = this;
    this.next();
    const isAwait = this.passName('await');
    this.open(start);
    this.expect('(');
    this.loopStart();
    const of = this.value;
    if (this.passName('of') || this.passName('in')) {
      this.expression();
      this.expect(')');
      this.controlled();
      this.write(`for ${isAwait ? 'await ' : ''}${of};`);
    } else {
      this.expect(';');
      for (const end of [';', ')']) {
        if (this.isSign(end)) this.write('nothing;');
        else this.expression();
        this.expect(end);
      }
      this.controlled();
      this.write('for;');
    }
    this.close();
    return 1;
  }

  private loopStart(): void {
    if (this.isSign(';')) this.write('nothing;');
    else if (this.isName('var') || this.isName('const') || (CONTEXTUAL.has(this.value) && this.isDeclaration())) {
      const count = this.variables(true);
      if (count > 1) this.write(`variables ${count};`);
    } else {
      const { mark } = this;
      this.expression(true);
      if (!this.isName('of') && !this.isName('in')) return;
      this.rewind(mark);
      this.pattern('assigned');
    }
  }

  attempt(): number {
    this.next();
    let text = `try ${this.block()}`;
    if (this.passName('catch')) {
      this.open(this.start);
      const isNamed = this.pass('(');
      if (isNamed) {
        this.pattern('let');
        this.expect(')');
      }
      text += ` catch${isNamed ? ' it' : ''} ${this.block()}`;
      this.close();
    }
    if (this.passName('finally')) text += ` finally ${this.block()}`;
    this.write(`${text};`);
    return 1;
  }

  switch(): number {
    this.head();
    let count = 0;
    this.open(this.start);
    this.expect('{');
    for (; !this.pass('}'); count++) {
      if (this.passName('default')) this.write('default;');
      else {
        this.expect('case');
        this.expression();
      }
      this.expect(':');
      this.write(`case ${this.statements()};`);
    }
    this.close();
    this.write(`switch ${count};`);
    return 1;
  }

  debugger(): number {
    this.next();
    this.pass(';');
    this.write('debugger;');
    return 1;
  }

  /** Of a module: what it brings in are names that it declares. */
  import(): number {
    const { place } = this;
    this.next();
    if (this.isSign('(') || this.isSign('.')) {
      this.goTo(place);
      return this.otherStatement();
    }
    while (this.kind !== 'string') {
      const { kind, value } = this;
      this.next();
      if (this.kind === 'end') throw this.unreadable();
      const isWord = value === 'as' || this.isName('as') || (value === 'from' && this.is('string'));
      if (kind === 'name' && !isWord) this.scope.declare(value);
    }
    this.next();
    this.with();
    return 0;
  }

  /** Attributes of an import. */
  private with(): void {
    if (this.passName('with') || this.passName('assert')) this.object();
    this.pass(';');
  }

  export(): number {
    this.next();
    if (this.passName('default')) {
      const kind = this.kindOfNext();
      if (kind?.isLexical === true) return this.statement();
      this.assignment();
      this.pass(';');
      this.write('do;');
      return 1;
    }
    if (!this.isSign('{') && !this.isSign('*')) return this.statement();
    if (this.pass('{')) while (!this.pass('}') && this.kind !== 'end') this.next();
    else if (this.pass('*') && this.passName('as')) this.next();
    if (this.passName('from')) {
      this.next();
      this.with();
    } else this.pass(';');
    return 0;
  }
}

const headed: Kind = { read: (reader) => reader.headed() };
const jump: Kind = { read: (reader) => reader.jump() };
const leave: Kind = { read: (reader) => reader.leave() };
const DECLARATION: Kind = { read: (reader) => reader.variables(), isLexical: true };

/** Words that begin a statement, whatever follows. */
const KINDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['var', { read: (reader) => reader.variables() }],
  ['const', DECLARATION],
  ['function', { read: (reader) => reader.functionDeclaration(), isLexical: true }],
  ['class', { read: (reader) => reader.classDeclaration(), isLexical: true }],
  ['if', { read: (reader) => reader.choice() }],
  ['for', { read: (reader) => reader.loop() }],
  ['while', headed],
  ['with', headed],
  ['do', { read: (reader) => reader.doLoop() }],
  ['return', leave],
  ['throw', leave],
  ['break', jump],
  ['continue', jump],
  ['try', { read: (reader) => reader.attempt() }],
  ['switch', { read: (reader) => reader.switch() }],
  ['debugger', { read: (reader) => reader.debugger() }],
  ['import', { read: (reader) => reader.import() }],
  ['export', { read: (reader) => reader.export() }],
]);
/** Words that begin a declaration in some places, and are names in others. */
const CONTEXTUAL = new Set(['let', 'using', 'await', 'async']);
