import { expect } from 'chai';
import { callKeyDigest, valueDigest } from '#lib/key/canonical/canonical.js';

describe('the key of an Intl object', () => {
  const makers: readonly (() => object)[] = [
    () => new Intl.NumberFormat('de'),
    () => new Intl.NumberFormat('en'),
    () => new Intl.NumberFormat('de', { maximumFractionDigits: 1 }),
    () => new Intl.DateTimeFormat('de', { timeZone: 'UTC' }),
    () => new Intl.DateTimeFormat('de', { timeZone: 'Asia/Tokyo' }),
    () => new Intl.DateTimeFormat('de', { timeZone: 'UTC', dateStyle: 'full' }),
    () => new Intl.Collator('sv'),
    () => new Intl.Collator('sv', { sensitivity: 'base' }),
    () => new Intl.Locale('de-CH'),
    () => new Intl.Segmenter('de'),
    () => new Intl.Segmenter('de', { granularity: 'word' }),
    () => new Intl.PluralRules('de'),
    () => new Intl.ListFormat('de'),
    () => new Intl.RelativeTimeFormat('de'),
    () => new Intl.DisplayNames('de', { type: 'region' }),
    () => Object.assign(new Intl.NumberFormat('de'), { unit: 'km' }),
  ];

  it('is that of what it resolved: one for two that do the same, another for each that does not', () => {
    const keys = (): (string | undefined)[] => makers.map((make) => callKeyDigest([make()]));
    expect(keys()).to.deep.equal(keys());
    expect(new Set(keys()).size).to.equal(makers.length);
  });

  it('is none for an object that only inherits from the class', () => {
    expect(() => callKeyDigest([Object.create(Intl.NumberFormat.prototype)]))
      .to.throw(/NumberFormat/)
      .with.property('code', 'STOWAGE_UNKEYABLE_ARGUMENT');
  });

  it('is advised where the object is of a class that nobody can add to', () => {
    expect(() => callKeyDigest([new WeakRef({})])).to.throw('say what identifies the call with the option key');
    expect(() => callKeyDigest([new WeakRef({})])).not.to.throw('registerClass');
  });

  it('does not make it a result that can be stored', () => {
    expect(() => valueDigest(new Intl.NumberFormat('de'))).to.throw(/NumberFormat/);
  });
});
