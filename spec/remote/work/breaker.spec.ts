import { expect } from 'chai';
import { Breaker } from '#lib/remote/work/breaker.js';

describe('a remote that fails', () => {
  let time: number;
  let breaker: Breaker;
  const restOf = (): number => {
    const start = time;
    while (breaker.isOpen) time++;
    return time - start;
  };

  beforeEach(() => {
    time = 1000;
    breaker = new Breaker(() => time);
  });

  it('is left alone for 10 seconds, and twice as long after each failure that follows, up to 5 minutes', () => {
    const rests = Array.from({ length: 7 }, () => {
      breaker.failed();
      return restOf();
    });
    expect(rests).to.deep.equal([10, 20, 40, 80, 160, 300, 300]);
  });

  it('is news once, however many requests were under way', () => {
    expect([breaker.failed(), breaker.failed()]).to.deep.equal([true, false]);
  });

  it('is asked as ever once it works again', () => {
    breaker.failed();
    restOf();
    breaker.failed();
    breaker.worked();
    expect(breaker.isOpen).to.equal(false);
    breaker.failed();
    expect(restOf()).to.equal(10);
  });
});
