import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { temporaryFolder } from './temporary-folder.js';

describe('temporaryFolder', () => {
  let ofSuite: string;
  let ofHook: string;
  let ofTest: string;

  before(() => {
    ofSuite = temporaryFolder();
  });
  beforeEach(() => {
    ofHook = temporaryFolder();
  });

  it('gives each caller an empty folder of her own', () => {
    ofTest = temporaryFolder();
    mkdirSync(join(ofTest, 'deep'));
    writeFileSync(join(ofTest, 'deep', 'file'), 'content');
    expect(new Set([ofSuite, ofHook, ofTest])).to.have.lengthOf(3);
    for (const folder of [ofSuite, ofHook, ofTest]) expect(statSync(folder).isDirectory()).to.equal(true);
  });

  it("has removed the last test's folder with its content, and kept the suite's", () => {
    expect(() => statSync(ofTest)).to.throw('ENOENT');
    expect(statSync(ofSuite).isDirectory()).to.equal(true);
  });

  it('does not mind a folder that the test removed itself', () => {
    rmSync(temporaryFolder(), { recursive: true });
  });

  after(() => {
    expect(() => statSync(ofHook)).to.throw('ENOENT');
  });
});
