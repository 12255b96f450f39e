import { FormatError } from '#lib/base/errors.js';
import { parsePythonDict } from '#lib/codec/npy/python-literal.js';
import { expect } from 'chai';

function parse(source: string): unknown {
  return Object.fromEntries(parsePythonDict(source));
}

describe('parsePythonDict', () => {
  it('reads text in both kinds of quotes, with escapes left as written', () => {
    expect(parse(String.raw`{'a': "it's", "b": 'say "x"', 'c': 'don\'t'}`)).to.deep.equal({
      a: "it's",
      b: 'say "x"',
      c: String.raw`don\'t`,
    });
  });

  it('reads ints, those of Python 2 too, and the three words', () => {
    expect(parse("{'a': 0, 'b': 12L, 'c': True, 'd': False, 'e': None}")).to.deep.equal({
      a: 0,
      b: 12,
      c: true,
      d: false,
      e: null,
    });
  });

  it('tells tuples, lists and bracketed values apart', () => {
    expect(parse("{'a': (), 'b': (3,), 'c': (3), 'd': (3, 4), 'e': [3], 'f': [('x', 1,),]}")).to.deep.equal({
      a: { kind: 'tuple', items: [] },
      b: { kind: 'tuple', items: [3] },
      c: 3,
      d: { kind: 'tuple', items: [3, 4] },
      e: { kind: 'list', items: [3] },
      f: { kind: 'list', items: [{ kind: 'tuple', items: ['x', 1] }] },
    });
  });

  it('takes white space anywhere between, and a trailing comma', () => {
    expect(parse(" \t{ 'a' :\n1 , }  \r\n\f")).to.deep.equal({ a: 1 });
    expect(parse('{}')).to.deep.equal({});
  });

  const BROKEN = {
    'no dict': '[]',
    'nothing': '',
    'an open dict': "{'a': 1",
    'a missing value': "{'a': }",
    'a missing colon': "{'a' 1}",
    'a missing comma': "{'a': 1 'b': 2}",
    'a lone comma': '{,}',
    'a lone comma in a tuple': "{'a': (,)}",
    'a second comma': "{'a': 1,,}",
    'a key that is a number': '{1: 2}',
    'a key that is a tuple': '{(): 2}',
    'a key twice': "{'a': 1, 'a': 1}",
    'more after the dict': "{'a': 1} x",
    'a second dict': "{'a': 1}{}",
    'a call': "{'a': exit()}",
    'an expression': "{'a': 1 + 1}",
    'a negative number': "{'a': -1}",
    'a fraction': "{'a': 1.5}",
    'an int with a leading zero': "{'a': 007}",
    'a number beyond 2^53 - 1': "{'a': 9007199254740992}",
    'open text': "{'a",
    'text over two lines': "{'a\n': 1}",
    'mixed brackets': "{'a': (1]}",
    'an open tuple': "{'a': (1,",
    'a NUL': "{'a': 1}\0",
    'a no-break space': "{'a':\u00a01}",
    'brackets nested without end': `{'a': ${'('.repeat(100_000)}`,
  };
  for (const [what, source] of Object.entries(BROKEN)) {
    it(`refuses ${what}`, () => {
      expect(() => parse(source)).to.throw(FormatError, /an npy header holds .* at character \d+, near "/);
    });
  }

  it('reads a text of a megabyte without running out of stack', () => {
    const text = 'x'.repeat(1 << 20);
    expect(parsePythonDict(`{'a': '${text}'}`).get('a')).to.equal(text);
  });
});
