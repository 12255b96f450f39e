import { expect } from 'chai';
import fc from 'fast-check';
import {
  childLabel,
  indexLabel,
  mapKeyLabel,
  mapKeyObjectLabel,
  ordinalLabel,
  propertyLabel,
  rootLabel,
} from '#lib/key/names/instance-path.js';

describe('labels of an instance path', () => {
  it('are readable for ordinary names', () => {
    expect(propertyLabel('foo')).to.equal('.foo');
    expect(propertyLabel('größe')).to.equal('.größe');
    expect(propertyLabel('weird name')).to.equal("['weird name']");
    expect(propertyLabel('1')).to.equal("['1']");
    expect(indexLabel(3)).to.equal('[3]');
    expect(ordinalLabel(0)).to.equal('[#0]');
    expect(mapKeyObjectLabel(2)).to.equal('[key#2]');
    expect(childLabel('camera')).to.equal('.#camera');
    expect(childLabel(3)).to.equal('.#3');
    expect(childLabel('a b')).to.equal(".#['a b']");
    expect(rootLabel('root')).to.equal('root');
  });

  it('differ for all kinds of Map keys that a Map tells apart', () => {
    const keys = [
      'tip',
      '1',
      1,
      1n,
      true,
      'true',
      null,
      'null',
      undefined,
      'undefined',
      NaN,
      'NaN',
      Infinity,
      1.5,
      'a.b',
      'a%2Eb',
      '',
      '1n',
    ];
    const labels = keys.map((key) => mapKeyLabel(key, 0));
    expect(labels).to.include.members([
      '["tip"]',
      '["1"]',
      '[1]',
      '[1n]',
      '[true]',
      '[null]',
      '[undefined]',
      '[NaN]',
      '["a%2Eb"]',
      '[1%2E5]',
    ]);
    expect(new Set(labels).size).to.equal(keys.length);
    expect(mapKeyLabel(-0, 0)).to.equal('[-0]');
    expect(mapKeyLabel({}, 1)).to.equal('[#1]');
    expect(mapKeyLabel(Symbol('x'), 2)).to.equal('[#2]');
    expect(mapKeyLabel(() => 1, 3)).to.equal('[#3]');
  });

  it('never coincide within one holder', () => {
    const name = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary', maxLength: 3 }),
      fc.string({ unit: fc.constantFrom('"', "'", '[', ']', '.', '%', '#', '1') }),
    );
    const label = fc.oneof(
      name.map((text): [string, string] => [propertyLabel(text), `property ${text}`]),
      name.map((text): [string, string] => [mapKeyLabel(text, 0), `key ${text}`]),
      name.map((text): [string, string] => [childLabel(text), `child ${text}`]),
      fc.double().map((key): [string, string] => [mapKeyLabel(key, 0), `number ${Object.is(key, -0) ? '-0' : key}`]),
      fc.bigInt().map((key): [string, string] => [mapKeyLabel(key, 0), `bigint ${key}`]),
      fc.nat().map((place): [string, string] => [ordinalLabel(place), `place ${place}`]),
      fc.nat().map((place): [string, string] => [mapKeyObjectLabel(place), `key object ${place}`]),
      fc.nat().map((place): [string, string] => [childLabel(place), `child at ${place}`]),
    );
    const seen = new Map<string, string>();
    fc.assert(
      fc.property(label, ([text, what]) => {
        expect(seen.get(text) ?? what).to.equal(what);
        seen.set(text, what);
      }),
      { numRuns: 20_000 },
    );
  });

  it('are never the beginning of another, so that paths made of them are as distinct as they are', () => {
    const step = fc.oneof(
      fc.string({ maxLength: 3 }).map(propertyLabel),
      fc.string({ maxLength: 3 }).map((key) => mapKeyLabel(key, 0)),
      fc.nat(12).map(indexLabel),
    );
    const seen = new Map<string, string>();
    fc.assert(
      fc.property(fc.array(step, { maxLength: 3 }), (steps) => {
        const written = JSON.stringify(steps);
        expect(seen.get(steps.join('')) ?? written).to.equal(written);
        seen.set(steps.join(''), written);
      }),
      { numRuns: 20_000 },
    );
  });
});
