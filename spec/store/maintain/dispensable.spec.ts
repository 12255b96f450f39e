import { expect } from 'chai';
import { dispensable, type Holding } from '#lib/store/maintain/dispensable.js';

const holding = (
  name: string,
  bytes: number,
  seconds: number,
  lastUse = 0,
  isVersion = false,
): Holding & { name: string } => ({
  name,
  bytes,
  seconds,
  lastUse,
  isVersion,
});

const HOLDINGS = [
  holding('dear', 10, 100),
  holding('cheap, used of late', 10, 1, 5),
  holding('cheap', 10, 1, 3),
  holding('cheap by the byte', 1000, 10),
  holding('earlier version', 10, 1000, 9, true),
];

const names = (excess: { bytes?: number; items?: number }): string[] =>
  dispensable(HOLDINGS, { bytes: 0, items: 0, ...excess }).map(({ name }) => name);

describe('what is dispensable', () => {
  it('is nothing where nothing is too much', () => {
    expect(names({})).to.deep.equal([]);
    expect(names({ bytes: -Infinity, items: -Infinity })).to.deep.equal([]);
  });

  it('are earlier versions, then what is cheap by the byte, then what was not used of late', () => {
    expect(names({ items: 5 })).to.deep.equal([
      'earlier version',
      'cheap by the byte',
      'cheap',
      'cheap, used of late',
      'dear',
    ]);
  });

  it('is no more than brings bytes and items down', () => {
    expect(names({ bytes: 10 })).to.deep.equal(['earlier version']);
    expect(names({ bytes: 11 })).to.deep.equal(['earlier version', 'cheap by the byte']);
    expect(names({ bytes: 11, items: 3 })).to.deep.equal(['earlier version', 'cheap by the byte', 'cheap']);
    expect(names({ bytes: Infinity })).to.have.lengthOf(5);
  });
});
