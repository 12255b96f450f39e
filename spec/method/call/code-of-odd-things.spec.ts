import { runInThisContext } from 'node:vm';
import { expect } from 'chai';
import { cacheOnDisk, explain, record } from 'stowage';
import { listen, tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** An analyzer whose method may reach odd things, and reaches none of them as it runs. */
function analyzerOf(statements: string): { value(): number } {
  const text = `${statements}; return class Odd { value() { if (this.never) { return reach(this) } return 7 } }`;
  const make = runInThisContext(`(function () { ${text} })`) as () => new () => { value(): number };
  const Odd = make();
  cacheOnDisk(Odd.prototype as object, 'value');
  return new Odd();
}

const odd: Readonly<Record<string, string>> = {
  'a getter': 'const o = { get k() { asked("k") } }; const reach = () => o.k',
  'a proxy': 'const p = new Proxy({}, { get() { asked("get") }, ownKeys() { asked("keys"); return [] } }); const reach = (i) => p.a + p[i]',
  'a revoked proxy': 'const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); const reach = () => proxy.a',
  'a variable that is not set yet': 'const reach = () => late; return class Odd { value() { return this.never ? reach() : 7 } }; const late = 1',
  'computed names': 'const k = "a"; class C { [k]() { return 1 } static ["b" + k] = 2 } const reach = () => new C()',
  'a native function': 'const reach = Math.max.bind(null, 1)',
  'code made by new Function': 'const reach = new Function("a", "return a + Math.PI")',
  'what no parser can read': `const reach = new Function("a", "return ${'a+'.repeat(20_000)}a")`,
  'an error that describes itself': 'const e = Object.defineProperty(new Error("x"), "stack", { get() { asked("stack") } }); const reach = (i) => e[i]',
  'huge data': 'const b = new Float64Array(1e6); const reach = (i) => b[i]',
  'a circle of helpers': 'const f = () => g(), g = () => f(); const reach = () => f()',
}; // prettier-ignore

describe('the code of a method that reaches', () => {
  let asked: string[];
  beforeEach(() => {
    asked = [];
    (globalThis as { asked?: (what: string) => void }).asked = (what) => void asked.push(what);
  });
  afterEach(() => {
    delete (globalThis as { asked?: unknown }).asked;
  });

  for (const [what, statements] of Object.entries(odd)) {
    it(`${what} is read without running anything, and its results are stored and found`, () => {
      const folder = temporaryFolder();
      const faults = listen('fault', 'corrupt', 'stale');
      expect(tagIn(folder, analyzerOf(statements)).value()).to.equal(7);
      const again = tagIn(folder, analyzerOf(statements));
      expect(explain(again, 'value')).to.deep.include({ state: 'disk', reasons: [] });
      expect(again.value()).to.equal(7);
      expect(record(again, 'value')?.codeSeen).to.deep.include({ depth: 'package' });
      expect(faults).to.deep.equal([]);
      expect(asked).to.deep.equal([]);
    });
  }
});
