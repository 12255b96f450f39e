import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { RemoteError } from 'stowage';
import type { Backend, Listed } from '#lib/remote/contract/backend.js';
import { openBackend } from '#lib/remote/backend/open-backend.js';
import { FileBackend } from '#lib/remote/backend/file-backend.js';
import { readPage } from '#lib/remote/backend/s3-list.js';
import { checkRemote } from '#lib/remote/contract/remote-options.js';
import { LittleS3 } from '../../support/services/little-s3.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (given: Uint8Array | undefined): string | undefined => given && Buffer.from(given).toString();

async function listed(backend: Backend, prefix: string): Promise<Listed[]> {
  const found: Listed[] = [];
  for await (const each of backend.list(prefix)) found.push(each);
  return found.sort((one, other) => (one.name < other.name ? -1 : 1));
}

let server: LittleS3 | undefined;
let buckets = 0;
const backends: Record<string, () => Promise<Backend>> = {
  'a folder': () => Promise.resolve(new FileBackend(join(temporaryFolder(), 'share'))),
  'a bucket': async () => {
    server ??= await LittleS3.start();
    return openBackend(checkRemote(`s3://bucket/run-${String(buckets++)}/a b`, server.options, 'spec'));
  },
};

for (const [name, open] of Object.entries(backends)) {
  describe(`objects in ${name}`, () => {
    let backend: Backend;

    beforeEach(async () => {
      backend = await open();
    });

    after(async () => {
      if (name === 'a bucket') await server?.stop();
    });

    it('come back as they were put', async () => {
      expect(await backend.get('data/a', 100)).to.equal(undefined);
      expect(await backend.put('data/a', bytes('one'))).to.equal(true);
      expect(text(await backend.get('data/a', 100))).to.equal('one');
      await backend.put('data/a', bytes('another'));
      expect(text(await backend.get('data/a', 100))).to.equal('another');
      await backend.put('data/empty', new Uint8Array());
      expect(text(await backend.get('data/empty', 100))).to.equal('');
    });

    it('are put once, where that is asked for', async () => {
      const put = await Promise.all(
        Array.from({ length: 10 }, (_, i) => backend.put('data/a', bytes(String(i)), { ifAbsent: true })),
      );
      expect(put.filter(Boolean)).to.have.length(1);
      expect(text(await backend.get('data/a', 100))).to.equal(String(put.indexOf(true)));
    });

    it('are read no further than by one byte too many', async () => {
      await backend.put('data/a', bytes('0123456789'));
      expect((await backend.get('data/a', 4))?.length).to.equal(5);
    });

    it('are listed by how their names begin, with length and time', async () => {
      for (const each of ['records/x/1', 'records/x/2', 'records/xy/3', 'data/z/4', 'records/x=2f/5'])
        await backend.put(each, bytes(each));
      const found = await listed(backend, 'records/x/');
      expect(found.map((each) => [each.name, each.bytes])).to.deep.equal([
        ['records/x/1', 11],
        ['records/x/2', 11],
      ]);
      expect(found[0]?.modifiedAt).to.be.closeTo(Date.now() / 1000, 60);
      expect(await listed(backend, 'records/')).to.have.length(4);
      expect(await listed(backend, 'nothing/')).to.deep.equal([]);
    });

    it('are looked at without being read', async () => {
      await backend.put('records/xy/3', bytes('0123'));
      expect(await backend.head('records/xy/3')).to.include({ name: 'records/xy/3', bytes: 4 });
      expect(await backend.head('records/xy')).to.equal(undefined);
    });

    it('are gone once they are deleted, the second time, too', async () => {
      await backend.put('data/a', bytes('one'));
      await backend.delete('data/a');
      await backend.delete('data/a');
      expect(await backend.get('data/a', 100)).to.equal(undefined);
    });

    it('are waited for no longer than a signal says', async () => {
      const reason = new RemoteError('ETIMEDOUT', 'too late');
      const asking = { signal: AbortSignal.abort(reason) };
      expect(await backend.get('data/a', 100, asking).catch((thrown: unknown) => thrown)).to.equal(reason);
    });
  });
}

describe('a folder as a remote', () => {
  it('is not made up where the folder above it is missing, as a share that is not mounted', async () => {
    const backend = new FileBackend(join(temporaryFolder(), 'not mounted', 'share'));
    expect(await backend.get('data/a', 1)).to.equal(undefined);
    const error = await backend.put('data/a', bytes('one')).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(RemoteError);
    expect(error).to.have.property('reason', 'ENOENT');
  });

  it('takes no link for an object', async () => {
    const folder = temporaryFolder();
    const secret = join(temporaryFolder(), 'secret');
    writeFileSync(secret, 'secret');
    mkdirSync(join(folder, 'data'));
    symlinkSync(secret, join(folder, 'data/a'));
    expect(await new FileBackend(folder).get('data/a', 100)).to.equal(undefined);
  });
});

describe('the list of an S3 server', () => {
  it('is read with names that it has encoded, or escaped', () => {
    const page = (inner: string): string[] =>
      readPage(`<ListBucketResult>${inner}</ListBucketResult>`).objects.map(({ name }) => name);
    expect(page('<EncodingType>url</EncodingType><Contents><Key>a%20b%2Bc+d</Key></Contents>')).to.deep.equal([
      'a b+c d',
    ]);
    expect(page('<Contents><Key>a&amp;b&#x3c;%20&#62;</Key></Contents>')).to.deep.equal(['a&b<%20>']);
  });
});
