import { expect } from 'chai';
import { temporalOf, temporalParts } from '#lib/base/language/temporal.js';
import { installedNodes, runScript } from '../../support/children/nodes.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('values of Temporal', () => {
  it('come back exactly and are keys, on the versions of Node.js that have them', () => {
    const script = new URL('../../support/analyses/temporal-night.js', import.meta.url);
    for (const node of installedNodes().filter(({ major }) => major >= 26)) {
      expect(runScript(node, script, temporaryFolder())).to.contain('exact');
    }
  }).timeout(60_000);

  it('are not there on others, and no class is looked for by another name', () => {
    expect(temporalParts(new Date())).to.equal(undefined);
    expect(temporalOf('constructor', '')).to.equal(undefined);
    if (!('Temporal' in globalThis)) expect(temporalOf('Instant', '1')).to.equal(undefined);
  });
});
