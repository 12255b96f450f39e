import { expect } from 'chai';
import fc from 'fast-check';
import { sealOf } from '#lib/store/record/checksum.js';
import { identityText, sameIdentity, type Identity } from '#lib/store/record/identity.js';
import {
  formatRecord,
  isOfNewerFormat,
  parseRecord,
  parseSummary,
  readIdentity,
  type EntryRecord,
} from '#lib/store/record/record.js';

const identity: Identity = {
  prefix: 'cache',
  tag: 't',
  instance: 'root.a["}"]',
  rootClass: 'Root',
  class: 'A',
  method: 'A.m',
};
const record: EntryRecord = {
  format: 1,
  identity,
  codec: 'json',
  type: 'Object',
  value: { text: 'line\nbreak ,\n  "seal": "x"\n}\n' },
  bytes: 3,
  checksum: 'xxh3:0',
  digest: 'd',
  generation: 0,
  computedAt: 1,
  seconds: 2,
  code: 'c',
  trace: [],
  host: 'h',
  pid: 1,
  user: 'u',
  node: 'v',
  stowage: '0',
};
const text = formatRecord(record);

/** A record as somebody else might seal it. */
function sealed(body: unknown): string {
  const inner = JSON.stringify(body, undefined, 2).slice(0, -2);
  return `${inner},\n  "seal": "${sealOf(inner)}"\n}\n`;
}

describe('a record', () => {
  it('comes back as it was, and is JSON to everybody else', () => {
    expect(parseRecord(text)).to.deep.equal(record);
    expect((JSON.parse(text) as EntryRecord).identity).to.deep.equal(identity);
    expect(formatRecord(parseRecord(text) as EntryRecord)).to.equal(text);
  });

  it('is read without its trace as it is read with it, whatever it holds', () => {
    const call = { call: { ...identity, key: ']' }, digest: ',\n  "trace": []', generation: 0 };
    for (const trace of [[], [call], [call, { file: '\n  ]', bytes: 1, mtimeNs: '1', checksum: 'x' }]]) {
      for (const more of [{}, { adopted: true as const }, { pruned: 3, value: { trace: [[']']] } }]) {
        const whole = { ...record, trace, ...more };
        const { seal, ...summary } = parseSummary(formatRecord(whole)) ?? {};
        const { trace: _, ...expected } = whole;
        expect(summary).to.deep.equal(expected);
        expect(seal).to.match(/^sha256:/);
      }
    }
  });

  it('that makes no sense is not read without its trace, whatever its seal says', () => {
    for (const nonsense of [
      {},
      { ...record, bytes: '3' },
      { ...record, identity: null },
      { ...record, identity: { ...identity, key: 5 } },
      { ...record, file: '../x' },
    ]) {
      expect(parseSummary(sealed(nonsense))).to.equal(undefined);
    }
    expect(parseSummary(text.replace('"seconds": 2', '"seconds": 3'))).to.equal(undefined);
  });

  it('is written in one order, whatever order its fields were given in', () => {
    expect(formatRecord(Object.fromEntries(Object.entries(record).reverse()) as unknown as EntryRecord)).to.equal(text);
  });

  it('is not believed after any one bit of it was flipped, nor after any truncation', () => {
    const bytes = Buffer.from(text);
    for (let i = 0; i < bytes.length * 8; i++) {
      const damaged = Buffer.from(bytes);
      damaged[i >> 3] = (damaged[i >> 3] ?? 0) ^ (1 << (i & 7));
      expect(parseRecord(damaged.toString()), `bit ${i}`).to.equal(undefined);
    }
    for (let length = 0; length < bytes.length; length++) {
      expect(parseRecord(bytes.subarray(0, length).toString()), `${length} bytes`).to.equal(undefined);
    }
  });

  it('shows whose it is as long as a truncation leaves the identity whole', () => {
    const end = text.indexOf('  },\n') + '  },\n'.length;
    for (let length = 0; length < text.length - 1; length++) {
      const shown = readIdentity(text.slice(0, length));
      if (length < end) expect(shown, `${length} characters`).to.equal(undefined);
      else expect(shown, `${length} characters`).to.deep.equal(identity);
    }
  });

  for (const file of ['../out.npy', '/etc/passwd', 'a/b', 'a\\b', '.', '..', 'a\0b', '']) {
    it(`that names ${JSON.stringify(file)} for its data is not believed, whatever its seal says`, () => {
      expect(parseRecord(sealed({ ...record, file }))).to.equal(undefined);
    });
  }

  it('of a later format is known for one, and not read', () => {
    const later = sealed({ ...record, format: 2 });
    expect(parseRecord(later)).to.equal(undefined);
    expect(isOfNewerFormat(later)).to.equal(true);
    expect(readIdentity(later)).to.deep.equal(identity);
    expect(isOfNewerFormat(text)).to.equal(false);
    expect(isOfNewerFormat(later.replace('"format": 2', '"format": 3'))).to.equal(false);
  });

  it('is not made of JSON that is no record', () => {
    for (const other of [
      '',
      'null',
      '[]',
      '{}',
      '{"seal": "x"}',
      '{"seal": "x", "identity": null}',
      '{"identity": {"tag": "t"}}',
    ]) {
      expect(parseRecord(other)).to.equal(undefined);
      expect(readIdentity(other)).to.equal(undefined);
    }
  });
});

describe('an identity', () => {
  const part = fc.string({ maxLength: 3 });
  const optional = fc.option(part, { nil: undefined });
  const identities = fc.record({
    prefix: part,
    tag: part,
    instance: part,
    rootClass: part,
    class: optional,
    method: part,
    key: optional,
    version: optional,
  }) as fc.Arbitrary<Identity>;

  it('has a text of its own', () => {
    fc.assert(
      fc.property(
        identities,
        identities,
        (one, other) => (identityText(one) === identityText(other)) === sameIdentity(one, other),
      ),
    );
  });

  it('survives the file, whatever is in it', () => {
    fc.assert(
      fc.property(identities, (each) => {
        const back = parseRecord(formatRecord({ ...record, identity: each }));
        return back !== undefined && sameIdentity(back.identity, each);
      }),
    );
  });
});
