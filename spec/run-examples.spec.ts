import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect } from 'chai';
import { temporaryFolder } from './support/temporary-folder.js';

const program = resolve(import.meta.dirname, 'run-examples.js');
const leftovers = resolve(import.meta.dirname, '../examples');

/** Runs the examples of a folder with these files; the texts write `~~~` for a fence. */
function runExamples(files: Record<string, string>): { status: number | null; printed: string } {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, folder], { encoding: 'utf8' });
  return { status, printed: stdout + stderr };
}

const good = `# Good

~~~ts
import { StowageError } from 'stowage';
console.log(new StowageError('STOWAGE_X', 'said').code);
console.log('in', process.cwd(), 'now');
~~~

~~~text
STOWAGE_X
in …/work now
~~~

- in a list:
  ~~~ts legacy
  import 'reflect-metadata';
  const seen: unknown[] = [];
  function note(prototype: object, key: string): void {
    seen.push(Reflect.getMetadata('design:type', prototype, key));
  }
  class A {
    @note name: string = 'a';
  }
  console.log(new A().name, seen[0] === String);
  ~~~
  ~~~text
  a true
  ~~~

~~~ts
function twice<T extends number>(method: () => T, context: ClassMethodDecoratorContext): () => number {
  return () => (context.kind === 'method' ? 2 : 1) * method();
}
class B {
  @twice
  three(): number {
    return 3;
  }
}
if (new B().three() !== 6) throw new Error('not six');
if (!process.env.STOWAGE_TMPDIR) throw new Error('no folder');
import { writeFileSync } from 'node:fs';
writeFileSync('six.txt', '6');
~~~

What it left is there:

~~~py run
print(open('six.txt').read() * 2)
~~~
~~~text
66
~~~
~~~sh run
cat six.txt; echo " $STOWAGE_TMPDIR"
~~~
~~~text
6 …/cache
~~~
~~~sh
false # not run
~~~

~~~ts ignore
this is not TypeScript
~~~

~~~~markdown
~~~ts
nor is this an example
~~~
~~~~
`;

const bad = `# Bad

~~~ts
const three: number = 'three';
export { three };
~~~

~~~ts
function explode(): never {
  throw new Error('as it must');
}
console.log('before');
explode();
~~~

~~~ts
console.log('one');
console.log('two (2)');
~~~
~~~text
one
two …3)
~~~

~~~ts
console.log('one');
console.log('more');
~~~
~~~text
one
~~~

~~~ts
console.log('two');
~~~
~~~sh run
echo out; exit 3
~~~
`;

describe('run-examples', () => {
  it('passes where every example compiles, runs and prints what stands below it', () => {
    const { status, printed } = runExamples({ 'README.md': good, 'docs/deep/more.md': '~~~ts\nexport {};\n~~~\n' });
    expect(printed).to.contain('4 examples, 0 failed, 1 not run').and.contain('✔ docs/deep/more.md:2');
    expect(status).to.equal(0);
  });

  it('names file and line of each example that fails, with what it printed', () => {
    const { status, printed } = runExamples({ 'docs/bad.md': bad });
    expect(status).to.equal(1);
    expect(printed).to.contain("docs/bad.md:4: Type 'string' is not assignable to type 'number'.");
    expect(printed).to.contain('docs/bad.md:9: the example ended with exit code 1\nbefore\n');
    expect(printed)
      .to.contain('as it must')
      .and.match(/docs\/bad\.md:10:/);
    expect(printed).to.contain('docs/bad.md:22: documented is "two …3)", printed is "two (2)"');
    expect(printed).to.contain('docs/bad.md:31: nothing more documented, printed is "more"');
    expect(printed).to.contain('5 examples, 5 failed');
    expect(printed).to.contain('docs/bad.md:37: the example ended with exit code 3\nout');
  });

  it('fails where there is no example, a block is left open, or a word behind ts is misspelt', () => {
    expect(runExamples({ 'README.md': '# Nothing\n' })).to.deep.include({ status: 1 });
    const { status, printed } = runExamples({
      'README.md': '~~~ts\nexport {};\n~~~\n',
      'docs/open.md': '\n~~~ts\nexport {};\n',
      'docs/word.md': '~~~ts ignroe\nexport {};\n~~~\n',
      'docs/alone.md': '~~~sh run\necho\n~~~\n',
    });
    expect(status).to.equal(1);
    expect(printed).to.contain('docs/open.md: the block that opens at line 2 is never closed');
    expect(printed).to.contain('docs/word.md: line 1: no such word behind `ts`: ignroe');
    expect(printed).to.contain('docs/alone.md: line 1: `sh run` has no `ts` block before it');
  });

  it('leaves nothing behind in the build folder', () => {
    const before = readdirSync(leftovers);
    runExamples({ 'README.md': '~~~ts\nthrow new Error();\n~~~\n' });
    expect(readdirSync(leftovers)).to.deep.equal(before);
  });
});
