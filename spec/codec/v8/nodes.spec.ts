import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installedNodes, runScript } from '../../support/children/nodes.js';
import { VALUES } from './values.js';

const SCRIPT = new URL('blobs.js', import.meta.url);
const COUNT = Object.keys(VALUES).length;

describe('v8 blobs between versions of Node.js', () => {
  const nodes = installedNodes();

  for (const writer of nodes) {
    describe(`written on Node ${writer.major}`, () => {
      let folder: string;
      before(() => {
        folder = mkdtempSync(join(tmpdir(), 'stowage-v8-'));
        expect(runScript(writer, SCRIPT, 'write', folder).trim()).to.equal(String(COUNT));
      });
      after(() => {
        rmSync(folder, { recursive: true });
      });

      for (const reader of nodes) {
        it(`are the same values on Node ${reader.major}`, () => {
          expect(runScript(reader, SCRIPT, 'read', folder).trim()).to.equal(String(COUNT));
        });
      }
    });
  }
});
