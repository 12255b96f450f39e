import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { CodeReader } from '#lib/code/code-reader.js';
import type { Code } from '#lib/code/part/code.js';
import { build, runUnbuilt, tools } from '../support/children/built-sources.js';
import { installedNodes } from '../support/children/nodes.js';

/** The method's digest: a change of it makes every stored result one of other code. */
const GOLDEN = 'b393bd7e1e9590d31401048b2f0a34c9';

interface Built {
  readonly Camera: { readonly prototype: { readonly flux: object } };
}

describe('the same source is the same code, whatever built it', function () {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'stowage-tools-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  for (const tool of tools) {
    it(tool, async () => {
      // Node does not see the names that esbuild exports from CommonJS.
      const module = (await import(build(tool, join(folder, tool)))) as Partial<Built> & { default?: Built };
      const { Camera } = (module.default ?? module) as Built;
      const code = new CodeReader().codeOf(Camera.prototype.flux, Camera.prototype);
      expect(code.why).to.equal(undefined);
      expect(code.digest).to.equal(GOLDEN);
    });
  }

  it('tsx', () => {
    const code = JSON.parse(runUnbuilt(join(folder, 'tsx'), process.execPath, ['--import', 'tsx'], 'js')) as Code;
    expect(code.digest).to.equal(GOLDEN);
  });

  for (const { major, program } of installedNodes()) {
    if (major < 24) continue;
    it(`the types stripped by Node ${major} itself`, () => {
      const code = JSON.parse(runUnbuilt(join(folder, `node-${major}`), program, [], 'ts')) as Code;
      expect(code.digest).to.equal(GOLDEN);
    });
  }
});
