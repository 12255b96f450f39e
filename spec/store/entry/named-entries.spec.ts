/** Entries whose owner chooses folder and name: those of function caches. */
import { expect } from 'chai';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { verify } from 'stowage';
import { Bucket, persist } from 'stowage/memo';
import { identityOfText, identityText, sameIdentity, type Identity } from '#lib/store/record/identity.js';
import { placeIn, placeOf } from '#lib/store/disk/place.js';
import { isWhole } from '#lib/store/entry/record-matches-data.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const plain: Identity = { prefix: 'cache', tag: 'night', instance: 'root', rootClass: 'Night', method: 'Night.flux' };
const named: Identity = {
  prefix: '',
  tag: '',
  instance: '',
  rootClass: 'persist',
  method: 'f',
  key: 'a'.repeat(64),
  name: 'two to the four',
};

describe('the identity of an entry', () => {
  it('has the text that it had before there were names, and another with one', () => {
    expect(identityText(plain)).to.equal('["cache","night","root","Night",null,"Night.flux",null,null]');
    expect(identityText(named)).to.equal(`["","","","persist",null,"f","${'a'.repeat(64)}",null,"two to the four"]`);
    for (const identity of [plain, named]) expect(identityOfText(identityText(identity))).to.deep.equal(identity);
  });

  it('is another by another name', () => {
    expect(sameIdentity(named, { ...named })).to.equal(true);
    expect(sameIdentity(named, { ...named, name: 'other' })).to.equal(false);
  });

  it('gives a name of its own to the file, whatever the key, in the folder that its owner chooses', () => {
    const place = placeIn('/somewhere/f', named);
    expect(place).to.include({ folder: '/somewhere/f', plain: '/somewhere/f/two to the four' });
    expect(place.alternative).to.match(/^\/somewhere\/f\/two to the four~[0-9a-f]{16}$/);
    const { folder, plain: path, alternative } = placeIn('/somewhere/f', { ...named, key: 'b'.repeat(64) });
    expect({ folder, path, alternative }).to.deep.equal({
      folder: place.folder,
      path: place.plain,
      alternative: place.alternative,
    });
    expect(placeOf('/tmp/x', plain).tmpdir).to.equal('/tmp/x');
  });
});

describe('a folder of a function cache', () => {
  it('is found right by verify, and what is wrong in it is named', async () => {
    const folder = temporaryFolder();
    const blob = persist((x: number) => new Map([[x, 1]]), {
      cache: folder,
      name: 'blob',
      hash: String,
      metadata: () => 'said',
    });
    const bucket = new Bucket(join(folder, 'bucket'), { codec: 'msgpack' });
    blob(1);
    bucket.set('key', new Date(0));
    for (const each of [join(folder, 'blob'), bucket.folder]) expect((await verify(each)).findings).to.deep.equal([]);
    writeFileSync(join(folder, 'blob', '1.v8'), 'harmed');
    expect((await verify(join(folder, 'blob'))).findings.map(({ problem }) => problem)).to.deep.equal(['wrong size']);
  });

  it('makes way for files of other programs, and leaves them', () => {
    const folder = temporaryFolder();
    const power = persist((x: number) => x ** 2, {
      cache: folder,
      name: 'power',
      hash: String,
      serialize: String,
      deserialize: Number,
    });
    power(2);
    writeFileSync(join(folder, 'power', '3.out'), 'mine');
    expect(power(3)).to.equal(9);
    expect(power(3)).to.equal(9);
    expect(power.cache.size).to.equal(2);
    power.clear();
    expect(readdirSync(join(folder, 'power')).filter((name) => name !== 'CACHEDIR.TAG')).to.deep.equal(['3.out']);
  });

  it('is whole where record and data belong together', () => {
    const folder = temporaryFolder();
    const blob = persist((x: number) => new Map([[x, 1]]), { cache: folder, name: 'blob', hash: String });
    blob(1);
    const stem = join(folder, 'blob', '1');
    expect(isWhole(stem)).to.equal(true);
    expect(isWhole(join(folder, 'none'))).to.equal(true);
    writeFileSync(`${stem}.v8`, 'of another record');
    expect(isWhole(stem)).to.equal(false);
    expect(existsSync(`${stem}.json`)).to.equal(true);
  });
});
