import { expect } from 'chai';
import { Bucket, persist } from 'stowage/memo';
import { InvalidOptionError } from 'stowage';
import { temporaryFolder } from '../../support/temporary-folder.js';

class Client {
  constructor(private readonly from: string) {}

  load(id: number): string {
    return `${this.from} ${id}`;
  }
}

type Load = (id: number) => string;

/** Two functions that do different things and print alike. */
const alike: Record<string, (from: string) => Load> = {
  'bound ones': (from) => {
    const client = new Client(from);
    return client.load.bind(client);
  },
  proxies: (from) => {
    const client = new Client(from);
    return new Proxy((id: number) => client.load(id), {});
  },
};

const caches: Record<string, (fn: Load, folder: string, name?: string) => Load> = {
  persist: (fn, cache, funcName) => persist(fn, { cache, ...(funcName !== undefined && { funcName }) }),
  'Bucket.wrap': (fn, folder, name) => new Bucket(folder).wrap(fn, { ...(name !== undefined && { name }) }),
};

describe('functions whose source cannot be read', () => {
  for (const [cache, remember] of Object.entries(caches)) {
    for (const [kind, make] of Object.entries(alike)) {
      it(`${kind} are refused by ${cache}, which says what to do, and told apart by names`, () => {
        const folder = temporaryFolder();
        expect(() => remember(make('A'), folder)).to.throw(InvalidOptionError, /[nN]ame: '…'/);
        const [a, b] = [remember(make('A'), folder, 'loadA'), remember(make('B'), folder, 'loadB')];
        expect([a(7), b(7), a(7), b(7)]).to.deep.equal(['A 7', 'B 7', 'A 7', 'B 7']);
      });
    }

    it(`built-in ones are refused by ${cache}`, () => {
      expect(() => remember(String, temporaryFolder())).to.throw(InvalidOptionError, 'built in');
    });
  }
});
