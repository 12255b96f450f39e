import { PickleError } from '#lib/kv/pickle/errors.js';
import { unpickle } from '#lib/kv/pickle/read/read.js';
import { pickleKey, pickleValue } from '#lib/kv/pickle/write/write.js';
import { expect } from 'chai';
import { UncacheableValueError } from 'stowage';
import { ENOVAL, UNKNOWN } from 'stowage/kv';

describe('constants of python-diskcache in pickles', () => {
  const read = (pickle: string): unknown => unpickle(Buffer.from(pickle, 'latin1'), 'key');

  for (const protocol of [0, 1, 2, 3, 4, 5]) {
    it(`are ours in keys, and in keys alone (protocol ${protocol})`, () => {
      const key = ['f', ENOVAL, [UNKNOWN, ENOVAL]];
      expect(unpickle(pickleKey(key, protocol), 'key')).to.deep.equal(key);
      expect(() => unpickle(pickleKey(key, protocol))).to.throw(
        PickleError,
        /diskcache\.core\.Constant|_reconstructor/,
      );
      expect(() => pickleValue(key, protocol)).to.throw(UncacheableValueError);
      expect(() => pickleKey([Symbol('ENOVAL')], protocol)).to.throw(PickleError, /symbol/);
    });
  }

  it('let nothing else be made, of them or of other classes', () => {
    expect(() => read('cdiskcache.core\nConstant\nVEVIL\n\x85\x85\x81.')).to.throw(
      PickleError,
      /ENOVAL and UNKNOWN alone/,
    );
    expect(() => read('cdiskcache.core\nConstant\n.')).to.throw(PickleError, /class or function/);
    expect(() => read('cbuiltins\nset\n)\x81.')).to.throw(PickleError, /NEWOBJ.*instance of a class/);
    expect(() => read('cbuiltins\ntuple\n)R.')).to.throw(PickleError, /does not write/);
    expect(() => read('ccopyreg\n_reconstructor\n(cbuiltins\nset\ncbuiltins\ntuple\n(VENOVAL\nttR.')).to.throw(
      PickleError,
      /instance of a class/,
    );
    expect(() => read('cdiskcache.core\nCache\n)\x81.')).to.throw(PickleError, /diskcache\.core\.Cache/);
  });
});
