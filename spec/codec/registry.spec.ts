import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { types } from 'node:util';
import { FormatError, InvalidOptionError, UncacheableValueError } from '#lib/base/errors.js';
import type { Codec } from '#lib/codec/shared/codec.js';
import { codecFor, codecNamed, registerCodec } from '#lib/codec/registry.js';
import { describeCodec } from '../contract/codec-contract.js';

/** A user's class and her codec of it: one word of text a line. */
class WordList {
  constructor(readonly words: readonly string[]) {}
}

function wordCodec(overrides: Partial<Codec> = {}): Codec {
  return {
    name: 'words',
    extension: 'txt',
    sample: new WordList(['tip', 'tilt']),
    accepts: (value) => value instanceof WordList,
    encode(value) {
      if (!(value instanceof WordList))
        throw new UncacheableValueError('result', 'no list of words', 'return a WordList');
      return { type: 'WordList', chunks: value.words.map((word) => Buffer.from(`${word}\n`)) };
    },
    decode: (body) => new WordList(Buffer.from(body).toString().split('\n').slice(0, -1)),
    ...overrides,
  };
}

/** The same with its length in front, so that a cut file is noticed. */
const COUNTED: Codec = {
  ...wordCodec({ name: 'counted', extension: 'words' }),
  accepts: (value) => !types.isProxy(value) && value instanceof WordList,
  encode(value) {
    const text = Buffer.from((value as WordList).words.join('\n'));
    return { type: 'WordList', chunks: [Buffer.from(String(text.length).padStart(8)), text] };
  },
  decode(body) {
    const text = Buffer.from(body).toString();
    if (text.length < 8 || Number(text.slice(0, 8)) !== text.length - 8) throw new FormatError('not a list of words');
    return new WordList(text.slice(8).split('\n'));
  },
};

describe('codecFor', () => {
  it('asks npy, arrow, json and v8 in this order', () => {
    const chosen = [
      new Float64Array(2),
      Buffer.alloc(1),
      { a: 1 },
      'text',
      -0,
      undefined,
      { a: 1n },
      [1n],
      new Map(),
    ].map((value) => codecFor(value).name);
    expect(chosen).to.deep.equal(['npy', 'npy', 'json', 'json', 'v8', 'v8', 'v8', 'v8', 'v8']);
  });

  it('answers with the codec that names the reason for what nothing takes', () => {
    expect(codecFor(() => 0).name).to.equal('v8');
    expect(() => codecFor(Symbol('s')).encode(Symbol('s'))).to.throw(UncacheableValueError, 'result is a symbol');
  });

  it('loads no heavy package when imported, nor for a plain value', () => {
    const registry = new URL('../../lib/codec/registry.js', import.meta.url);
    const script = `
      import { createRequire } from 'node:module';
      const { codecFor } = await import(${JSON.stringify(registry.href)});
      codecFor({ a: [1, 'x', null, undefined] }).encode({ a: new Map([[1, new Date()]]) });
      const loaded = Object.keys(createRequire(import.meta.url).cache);
      console.log(loaded.filter((file) => /apache-arrow|ndarray|xxhash|\\.node$/.test(file)).length);`;
    const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: fileURLToPath(new URL('../../..', import.meta.url)),
      encoding: 'utf8',
    });
    expect(output.trim()).to.equal('0');
  });
});

describe('registerCodec', () => {
  const REFUSED: Readonly<Record<string, [codec: unknown, message: RegExp]>> = {
    'no object': [null, /takes a codec object, not null/],
    'a codec without name': [{ ...wordCodec(), name: undefined }, /member name .* must be a string, not undefined/],
    'a codec without decode': [{ ...wordCodec(), decode: undefined }, /member decode .* must be a function/],
    'a codec whose bodyOffset is a number': [
      { ...wordCodec(), bodyOffset: 8 },
      /member bodyOffset .* must be a function, not number/,
    ],
    'a codec without sample': [
      { ...wordCodec(), sample: undefined, accepts: () => false },
      /tried on its sample and does not accept it/,
    ],
    'a name with a separator': [wordCodec({ name: 'a/b' }), /name "a\/b" must be/],
    'the name of a built-in codec': [wordCodec({ name: 'npy' }), /codec named npy exists already/],
    'an extension with a dot': [wordCodec({ extension: 'tar.gz' }), /extension "tar.gz" must be of letters and digits/],
    'the extension of records': [wordCodec({ extension: 'json' }), /extension json belongs to Stowage itself/],
    'the extension of files in the making': [wordCodec({ extension: 'TMP' }), /belongs to Stowage itself/],
    'the extension of a built-in codec': [wordCodec({ extension: 'Npy' }), /belongs to the codec npy/],
    'a codec that does not take its sample': [wordCodec({ accepts: () => false }), /does not accept it/],
    'a codec that throws': [
      wordCodec({
        encode: () => {
          throw new Error('out of ink');
        },
      }),
      /failed: out of ink/,
    ],
    'a codec that encodes to a string': [
      wordCodec({ encode: () => 'text' as never }),
      /encode gave no \{ type, chunks \}/,
    ],
    'a codec that reads another value': [wordCodec({ decode: () => new WordList([]) }), /not equal to it/],
    'a codec that reads another class': [wordCodec({ decode: () => ({ words: ['tip', 'tilt'] }) }), /not equal to it/],
  };

  for (const [name, [codec, message]] of Object.entries(REFUSED)) {
    it(`refuses ${name} and changes nothing`, () => {
      expect(() => {
        registerCodec(codec as Codec);
      }).to.throw(InvalidOptionError, message);
      expect(codecNamed('words')).to.equal(undefined);
      expect(codecFor(new WordList([])).name).to.equal('v8');
    });
  }

  it('puts the latest codec first, ahead of the built-in ones', () => {
    const first = wordCodec();
    registerCodec(first);
    expect(codecFor(new WordList([]))).to.equal(first);
    registerCodec(COUNTED);
    expect(codecFor(new WordList([]))).to.equal(COUNTED);
    expect(codecNamed('words')).to.equal(first);
    expect(codecFor([1]).name).to.equal('json');
    expect(() => {
      registerCodec(wordCodec());
    }).to.throw(InvalidOptionError, 'a codec named words exists already');
  });
});

describe('a codec on trial', () => {
  const onTrial = (overrides: Partial<Codec>): Codec => wordCodec({ name: 'trial', extension: 'trial', ...overrides });
  const { sample: _, ...withoutSample } = onTrial({});
  const TRIALS: Readonly<Record<string, readonly [unknown, RegExp]>> = {
    'a number in place of a codec': [5, /not number/],
    'a codec without a sample': [withoutSample, /must have a sample/],
    'a codec that throws a text': [
      onTrial({
        encode: () => {
          // eslint-disable-next-line @typescript-eslint/only-throw-error -- what users may do
          throw 'no words';
        },
      }),
      /failed: no words/,
    ],
    'a codec whose primitive comes back otherwise': [
      onTrial({ sample: 1, accepts: () => true, encode: () => ({ type: 'number', chunks: [] }), decode: () => '1' }),
      /not equal to it/,
    ],
    'a codec whose body begins beyond its file': [onTrial({ bodyOffset: () => 1000 }), /not equal to it/],
  };
  for (const [what, [codec, message]] of Object.entries(TRIALS)) {
    it(`is not registered: ${what}`, () => {
      expect(() => {
        registerCodec(codec as Codec);
      }).to.throw(InvalidOptionError, message);
    });
  }
});

describe('a registered codec whose accepts throws', () => {
  it('is passed over', () => {
    class Rare {
      rare = true;
    }
    const accepts = (value: unknown): boolean => {
      if (value instanceof Rare) return true;
      throw new Error('what is this?');
    };
    const decode = (): Rare => new Rare();
    registerCodec(
      wordCodec({
        name: 'rare',
        extension: 'rare',
        sample: new Rare(),
        accepts,
        encode: () => ({ type: 'Rare', chunks: [] }),
        decode,
      }),
    );
    expect(codecFor(new Rare()).name).to.equal('rare');
    expect(codecFor(1).name).to.equal('json');
  });
});

describeCodec(
  COUNTED,
  { words: () => new WordList(['piston', 'tip', 'tilt']) },
  { 'another class': () => ({ words: [] }) },
);
