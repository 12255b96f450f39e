import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { CodeReader } from '#lib/code/code-reader.js';
import type { Code } from '#lib/code/part/code.js';
import { noteFile } from '#lib/code/sight/noted-files.js';

describe('the file of a function', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'stowage-files-'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** Reads `f` of main.js, and says whether V8's debugger was asked for what is loaded. */
  async function read(texts: Record<string, string>): Promise<{ code: Code; debugged: boolean }> {
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
    const file = join(folder, 'main.js');
    const { f } = (await import(pathToFileURL(file).href)) as { f: object };
    noteFile(file);
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it is put back
    const { post } = Session.prototype;
    const asked: unknown[] = [];
    Session.prototype.post = function (this: Session, ...args: unknown[]): void {
      asked.push(args[0]);
      Reflect.apply(post, this, args);
    };
    try {
      return { code: new CodeReader().codeOf(f), debugged: asked.includes('Debugger.enable') };
    } finally {
      Session.prototype.post = post;
    }
  }

  it('is found by its imports, through files that pass it on, and without the debugger', async () => {
    const { code, debugged } = await read({
      'main.js':
        "import { join } from 'node:path';\nimport { g } from './index.js';\nexport const f = (x) => g(join(x));",
      'index.js': "export * from './helper.js';",
      'helper.js':
        'let n = 0;\nexport function count() { n++ }\nexport function g(x) { return x + n + h() }\nfunction h() { return 2 }',
    });
    expect(debugged).to.equal(false);
    const [g, join_] = code.parts;
    expect(g).to.include({ name: 'g', file: join(folder, 'helper.js') });
    expect(g?.parts?.map(({ name }) => name)).to.deep.equal(['n', 'h']);
    expect(join_).to.include({ name: 'join', kind: 'builtin' });
    expect(code.opaque).to.deep.equal(['n: changes as the program runs']);
  });

  it('is asked of the debugger where two files could be it', async () => {
    const text = 'export function g() { return 1 }';
    const { code, debugged } = await read({
      'main.js':
        "import { g } from './one.js';\nimport * as other from './other.js';\nexport const f = () => g(other.x);",
      'one.js': text,
      'other.js': `${text}\nexport const x = 1;`,
    });
    expect(debugged).to.equal(true);
    expect(code.parts[0]).to.include({ name: 'g', file: join(folder, 'one.js') });
  });

  it('does not take a function for another of the same text', async () => {
    const { code } = await read({
      'main.js': `const make = (k) => {
function g() { return k }
return g
}
const g = make(5);
export const f = () => g();`,
    });
    expect(code.parts[0]?.parts?.[0]).to.include({ name: 'k', value: '5' });
  });
});
