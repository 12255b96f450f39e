import { fileURLToPath } from 'node:url';
import { installedNodes, runScript } from '../support/children/nodes.js';

const MOCHA = new URL('../../../node_modules/mocha/bin/mocha.js', import.meta.url);
const SPEC = fileURLToPath(new URL('lock/r-lock.spec.js', import.meta.url));

describe('RLock, whose owners depend on how Node.js follows asynchronous calls', () => {
  const running = Number(process.versions.node.split('.')[0]);
  for (const node of installedNodes().filter(({ major }) => major !== running)) {
    it(`is what its specs say on Node ${node.major}`, () => {
      runScript(node, MOCHA, '--no-config', '--timeout', '60000', SPEC);
    });
  }
});
