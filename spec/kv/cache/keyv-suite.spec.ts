/** Keyv's own suites, as it publishes them for makers of stores. */
import keyvTestSuite, { keyvApiTests, keyvIteratorTests, keyvValueTests } from '@keyv/test-suite';
import Keyv from 'keyv';
import { FanoutCache, Cache, JSONDisk, KeyvStore } from 'stowage/kv';
import { suite } from '../../support/peers/keyv-suite.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const caches: Record<string, () => Cache | FanoutCache> = {
  'a Cache': () => new Cache(temporaryFolder()),
  'a FanoutCache': () => new FanoutCache(temporaryFolder(), { shards: 3, timeout: 60 }),
  'a Cache with JSONDisk': () => new Cache(temporaryFolder(), { disk: JSONDisk }),
};

for (const [name, open] of Object.entries(caches)) {
  describe(`KeyvStore over ${name} passes Keyv's suites`, () => {
    let cache: Cache | FanoutCache;

    before(() => {
      cache = open();
    });
    after(() => {
      cache.close();
    });

    describe('one store for each Keyv', () => {
      keyvTestSuite(suite, Keyv, () => new KeyvStore(cache));
      keyvIteratorTests(suite, Keyv, () => new KeyvStore(cache));
    });

    // Without the tests of namespaces: a store knows the namespace of the Keyv made last.
    describe('one store for all', () => {
      let store: KeyvStore;

      before(() => {
        store = new KeyvStore(cache);
        store.setMaxListeners(0);
      });

      keyvApiTests(suite, Keyv, () => store);
      keyvValueTests(suite, Keyv, () => store);
      keyvIteratorTests(suite, Keyv, () => store);
    });
  });
}
