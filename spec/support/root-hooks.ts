/**
 * What is done around every test of every file, in whichever process mocha runs it: a hook at the top of a file that
 * others import would be one of the first of them alone. Those who use others stand before them: a manager saves into a
 * folder.
 */
import type { RootHookObject } from 'mocha';
import { endAnalyses } from './analyses/analysis.js';
import { closeManagers } from './analyses/managers.js';
import { holdCoverage, writeCoverage } from './output/keep-coverage.js';
import { keepFolders, removeFolders, removeFoldersOfTest, temporaryFolder } from './temporary-folder.js';

holdCoverage();

// What a test stores without naming a folder must not go to the user's own.
process.env.XDG_CACHE_HOME = temporaryFolder();

export const mochaHooks: RootHookObject = {
  beforeEach: keepFolders,
  afterEach: [closeManagers, endAnalyses, removeFoldersOfTest],
  afterAll: [removeFolders, writeCoverage],
};
