/** Looking into functions for the first time, and what that leaves behind: the case `code`. */
import { CodeReader } from '#lib/code/code-reader.js';
import type { BenchCase, Row } from './case.js';

const modules = 50;
const methodsOfEach = 4;
let copies = 0;

/** A hierarchy of 200 methods over 50 modules, each with a helper of its own: no text is there twice. */
async function hierarchy(): Promise<[fn: object, home: object][]> {
  copies++;
  const found: [object, object][] = [];
  for (let at = 0; at < modules; at++) {
    const numbers = Array.from({ length: methodsOfEach }, (_, i) => at * methodsOfEach + i);
    const helpers = numbers.map(
      (n) => `function help${n}(x) { let sum = ${n}; for (const v of [x, K, GAIN]) sum += v; return sum }`,
    );
    const methods = numbers.map((n) => `m${n}(x = ${n}) { return help${n}(x) * GAIN + Math.max(x, this.small(x)) }`);
    const text = `// ${copies}
const GAIN = ${at};
const K = 2;
${helpers.join('\n')}
export class A { small(x) { return x - ${at} } ${methods.join('\n')} }`;
    const { A } = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as { A: { prototype: object } };
    for (const n of numbers) {
      found.push([(Object.getOwnPropertyDescriptor(A.prototype, `m${n}`) as { value: object }).value, A.prototype]);
    }
  }
  return found;
}

function seconds(work: () => unknown): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

/** As hot as code gets: nothing but numbers. */
function hot(): number {
  let sum = 0;
  for (let i = 0; i < 5e7; i++) sum += (i % 7) * 0.5;
  return sum;
}

export const codeOfHierarchy: BenchCase = {
  name: 'code',
  title: 'what 200 methods over 50 modules are, with a helper and constants for each: once a process',
  async run() {
    hot();
    const before = Array.from({ length: 7 }, () => seconds(hot));
    const first: number[] = [];
    const again: number[] = [];
    for (let round = 0; round < 9; round++) {
      const methods = await hierarchy();
      const reader = new CodeReader();
      const read = (): void => {
        reader.lookAhead(methods);
        for (const [fn, home] of methods) reader.codeOf(fn, home);
      };
      first.push(seconds(read));
      again.push(seconds(read));
    }
    const after = Array.from({ length: 7 }, () => seconds(hot));
    const rows: Row[] = [
      { contender: 'first round: the process never looked before', seconds: first.slice(0, 1) },
      { contender: 'first look at 200 methods', seconds: first.slice(1) },
      { contender: 'asked again', seconds: again },
    ];
    return [
      { title: '200 methods', subject: 'first look at 200 methods', rows },
      {
        title: 'a hot loop',
        subject: 'before',
        rows: [
          { contender: 'before', seconds: before },
          { contender: 'after', seconds: after },
        ],
      },
    ];
  },
};
