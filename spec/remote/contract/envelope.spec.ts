import { expect } from 'chai';
import { formatEnvelope, openEnvelope } from '#lib/remote/contract/envelope.js';
import { nameOfRecord } from '#lib/remote/contract/layout.js';
import { RefusedError } from '#lib/remote/contract/refused.js';
import { signerOf } from '#lib/remote/contract/signature.js';
import { formatRecord, type EntryRecord } from '#lib/store/record/record.js';

const signer = signerOf({ secret: 'a secret of enough letters' });

const RECORD: EntryRecord = {
  format: 1,
  identity: { prefix: 'cache', tag: 'night', instance: 'root', rootClass: 'Night', method: 'Night.psf' },
  codec: 'npy',
  type: 'Float64Array',
  file: 'root.Night.psf.npy',
  bytes: 3,
  checksum: 'xxh3:0',
  digest: 'sha256:0',
  generation: 0,
  computedAt: 1,
  seconds: 1,
  code: 'abc',
  arguments: { preview: '3', encoded: 'AAAA' },
  trace: [],
  host: 'alpha',
  pid: 1,
  user: 'u',
  node: 'v20',
  stowage: '1',
};
const DATA = Buffer.from('abc');
const NAME = nameOfRecord(RECORD);

/** What is said against a record of this payload, where nobody need vouch for it. */
function refusalOf(payload: unknown, name = NAME): string {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  try {
    openEnvelope(name, Buffer.from(`stowage-remote 1 unsigned\n${text}`), undefined);
    return '';
  } catch (error) {
    if (error instanceof RefusedError) return error.message;
    throw error;
  }
}

const payloadOf = (change: object, more: object = {}): object => ({
  record: formatRecord({ ...RECORD, ...change }),
  sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  ...more,
});

describe('a record as it lies in a remote', () => {
  it('comes back with its small data', () => {
    const opened = openEnvelope(NAME, formatEnvelope(RECORD, DATA, signer), signer);
    expect(opened.record).to.deep.equal(RECORD);
    expect(Buffer.from(opened.data ?? []).toString()).to.equal('abc');
  });

  it('is refused under another name, of another key, and changed in any byte', () => {
    const bytes = formatEnvelope(RECORD, DATA, signer);
    const isRefused = (name: string, given: Uint8Array, by = signer): boolean => {
      try {
        openEnvelope(name, given, by);
        return false;
      } catch (error) {
        return error instanceof RefusedError;
      }
    };
    expect(isRefused(NAME, bytes)).to.equal(false);
    expect(
      isRefused(
        NAME.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')),
        bytes,
      ),
    ).to.equal(true);
    expect(isRefused(NAME, bytes, signerOf({ secret: 'another secret of as many' }))).to.equal(true);
    for (let i = 0; i < bytes.length; i++) {
      const changed = Buffer.from(bytes);
      changed[i] = (changed[i] ?? 0) ^ 1;
      expect(isRefused(NAME, changed), String(i)).to.equal(true);
      expect(isRefused(NAME, bytes.subarray(0, i)), `the first ${String(i)} bytes`).to.equal(true);
    }
  });

  it('is refused where it makes no sense, whoever signed it', () => {
    expect(refusalOf('{"rec')).to.include('cut off');
    expect(refusalOf([1])).to.equal('it is no record');
    expect(refusalOf({ record: 'nonsense' })).to.include('damaged');
    expect(refusalOf(payloadOf({ code: 'other' }))).to.equal('it is the record of another result');
    expect(refusalOf(payloadOf({}, { sha256: undefined }))).to.equal('its record and its data do not fit');
    expect(refusalOf(payloadOf({}, { data: 'AAAA' }))).to.include('its digest differs');
    expect(refusalOf(payloadOf({}, { data: 'AAAAAAAA' }))).to.include('more bytes');
    for (const [identity, says] of [
      [{ tag: '../../etc' }, 'its tag is none'],
      [{ key: '../x' }, 'its key is none'],
      [{ byName: true }, 'it is no result of a method'],
      [{ name: 'own' }, 'it is no result of a method'],
    ] as const) {
      const record = { ...RECORD, identity: { ...RECORD.identity, ...identity } };
      expect(refusalOf(payloadOf(record), nameOfRecord(record)), says).to.equal(says);
    }
  });

  it('brings no arguments and no libraries where nobody vouches for it', () => {
    const call = { call: RECORD.identity, arguments: 'AAAA', digest: 'd', generation: 0 };
    const record = { ...RECORD, trace: [call] };
    const opened = openEnvelope(nameOfRecord(record), formatEnvelope(record, DATA, undefined), undefined);
    expect(opened.record.arguments).to.deep.equal({ preview: '3' });
    expect(opened.record.trace).to.deep.equal([{ ...call, arguments: null }]);
    const library = { name: 'ml-matrix', version: '1', class: 'Matrix', as: 'npy', at: '/x' };
    expect(refusalOf(payloadOf({ library }))).to.include('there is no key');
    expect(refusalOf(payloadOf({ codec: 'v8' }))).to.include('there is no key');
  });
});
