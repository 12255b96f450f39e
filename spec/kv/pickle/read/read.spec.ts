/** Pickles that are no plain data, or no pickles: each is refused with words, and none is a crash, a hang or a wrong value. */
import { expect } from 'chai';
import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { PickleError } from '#lib/kv/pickle/errors.js';
import { Op } from '#lib/kv/pickle/opcodes.js';
import { unpickle } from '#lib/kv/pickle/read/read.js';
import { pickleValue } from '#lib/kv/pickle/write/write.js';
import { expectSame } from '../../../support/values/same-value.js';

/** A pickle as Python prints bytes. */
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

const range = (length: number): number[] => Array.from({ length }, (_, index) => index);

const read = (text: string): unknown => unpickle(bytes(text));

const DTYPE = 'cnumpy\ndtype\n(Vf8\nI00\nI01\ntR(I3\nV<\nNNNI-1\nI-1\nI0\ntb';
const ARRAY = 'cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntVb\ntR';

/** Pickles that would run something, or make something other than data, by what the refusal says. */
const DANGEROUS: readonly [text: string, says: RegExp][] = [
  [
    'cos\nsystem\n(Vecho\ntR.',
    /^GLOBAL at byte 0 of the pickle: it names "os\.system".*no code ever runs.*in Python, store/,
  ],
  ['cposix\nsystem\n(Vecho\ntR.', /"posix\.system"/],
  ['cbuiltins\neval\n(V1\ntR.', /"builtins\.eval"/],
  ['c__builtin__\neval\n(V1\ntR.', /"__builtin__\.eval"/],
  ['cbuiltins\ngetattr\n.', /"builtins\.getattr"/],
  ['\x80\x04\x8c\x02os\x8c\x06system\x93.', /^STACK_GLOBAL at byte 14 of the pickle: it names "os\.system"/],
  ['\x80\x04\x8c\x08builtins\x8c\x0bset.__doc__\x93.', /"builtins\.set\.__doc__"/],
  ['cbuiltins\n__proto__\n.', /"builtins\.__proto__"/],
  ['c__proto__\ntoString\n.', /"__proto__\.toString"/],
  ['cconstructor\nconstructor\n.', /"constructor\.constructor"/],
  ['cbuiltins\ncomplex\n(F1.0\nF2.0\ntR.', /"builtins\.complex"/],
  ['cdatetime\ndate\n(I1\ntR.', /"datetime\.date"/],
  ['cdatetime\ndatetime\n(I2024\nI1\nI2\ntR.', /a datetime is made in a way/],
  ['cdatetime\ntimezone\n(I1\ntR.', /a timezone is made in a way/],
  ['cdatetime\ntimedelta\n(I1\ntR.', /a timedelta is made in a way/],
  ['ca JavaScript Map, which Python has no counterpart for (written by stowage)\nother\n.', /"a JavaScript Map/],
  ['(ios\nsystem\n.', /^INST at byte 1 .*an instance of a class/],
  ['(cbuiltins\nset\no.', /^OBJ at byte 15 /],
  ['\x80\x02cbuiltins\nset\n)\x81.', /^NEWOBJ at byte 17 /],
  ['\x80\x04)}\x92.', /^NEWOBJ_EX /],
  ['\x82\x01.', /^EXT1 .*extension registry/],
  ['\x83\x01\x00.', /^EXT2 /],
  ['\x84\x01\x00\x00\x00.', /^EXT4 /],
  ['Pid\n.', /^PERSID .*outside of the pickle/],
  ['NQ.', /^BINPERSID at byte 1 /],
  ['\x80\x05\x97.', /^NEXT_BUFFER .*buffer_callback/],
  ['\x80\x05N\x98.', /^READONLY_BUFFER /],
  ["S'a'\n.", /^STRING .*Python 2/],
  ['T\x01\x00\x00\x00a.', /^BINSTRING /],
  ['U\x01a.', /^SHORT_BINSTRING /],
  ['cbuiltins\nset\n.', /builtins\.set is a class or function, not data/],
  ['(cbuiltins\nset\nl.', /builtins\.set is a class or function/],
  ['(VX\ncbuiltins\nset\nd.', /builtins\.set is a class or function/],
  ['cbuiltins\nfrozenset\n((cbuiltins\nset\nt(ltR.', /made of something other than a list/],
  ['cbuiltins\nset\n(((cbuiltins\nset\ntltR.', /builtins\.set is a class or function/],
  [`${DTYPE}.`, /a dtype \(<f8\) is not read as a value/],
  ['cnumpy\nndarray\n)R.', /in a way that NumPy does not write/],
];

/** Pickles that contradict themselves, or are cut short. */
const DAMAGED: readonly [text: string, says: RegExp][] = [
  ['', /^the end at byte 0 of the pickle: a STOP is missing/],
  ['N', /^the end at byte 1 of the pickle: a STOP is missing/],
  ['.', /^STOP at byte 0 .*holds too little/],
  ['NN.', /^STOP .*more than one value/],
  ['(N.', /^STOP /],
  ['N.N', /^STOP .*1 bytes follow the end/],
  ['\xff.', /^0xff at byte 0 .*no such opcode/],
  ['\x80\x06N.', /^PROTO .*protocol 6 is newer/],
  ['\x80', /^PROTO .*1 bytes should follow, and 0 do/],
  ['\x80\x04\x95\x05\x00\x00\x00\x00\x00\x00\x00N.', /^FRAME .*a frame of 5 bytes, and 2 follow/],
  ['\x95\xff\xff\xff\xff\xff\xff\xff\xffN.', /^FRAME /],
  ['X\xff\xff\xff\xffabc.', /^BINUNICODE .*4294967295 bytes should follow, and 4 do/],
  ['\x8d\xff\xff\xff\xff\xff\xff\xff\xffabc.', /^BINUNICODE8 .*18446744073709552000 bytes should follow/],
  ['\x8e\x00\x00\x00\x00\x00\x00\x01\x00.', /^BINBYTES8 /],
  ['B\x05\x00\x00\x00a.', /^BINBYTES /],
  ['\x8b\xff\xff\xff\xff\x01.', /^LONG4 .*a length of -1/],
  ['\x8b\xff\xff\xff\x7f\x01.', /^LONG4 .*2147483647 bytes should follow/],
  ['\x8a\x05\x01.', /^LONG1 /],
  ['J\x01.', /^BININT /],
  ['M\x01', /^BININT2 /],
  ['G\x00\x00.', /^BINFLOAT /],
  ['I12', /^INT .*its line does not end/],
  ['I1x\n.', /^INT .*"1x" is not what may stand here/],
  ['I\n.', /^INT /],
  ['I 1\n.', /^INT /],
  ['I1_0\n.', /^INT /],
  ['L1LL\n.', /^LONG /],
  [`L${'9'.repeat(1_000_001)}L\n.`, /^LONG .*"9{40}" is not/],
  ['F1.5x\n.', /^FLOAT /],
  ['F0x10\n.', /^FLOAT /],
  ['Ftrue\n.', /^FLOAT /],
  ['V\\u12\n.', /^UNICODE /],
  ['V\\U00110000\n.', /^UNICODE /],
  ['X\x01\x00\x00\x00\xff.', /^BINUNICODE .*is not what may stand here/],
  ['X\x02\x00\x00\x00\xed\xa0.', /^BINUNICODE /],
  ['X\x05\x00\x00\x00\xff\xed\xa0\x80a.', /^BINUNICODE /],
  ['X\x04\x00\x00\x00\xed\xa0\x80\xff.', /^BINUNICODE /],
  ['g0\n.', /^GET .*the memo has no number 0/],
  ['h\x05.', /^BINGET .*number 5/],
  ['j\x05\x00\x00\x00.', /^LONG_BINGET /],
  ['gx\n.', /^GET /],
  ['Np-1\n.', /^PUT /],
  ['Np99999999999999999999\n.', /^PUT /],
  ['q\x00.', /^BINPUT .*holds too little/],
  ['\x94.', /^MEMOIZE /],
  ['0.', /^POP .*holds too little/],
  ['2.', /^DUP /],
  ['1.', /^POP_MARK .*there is no mark/],
  ['t.', /^TUPLE .*there is no mark/],
  ['N\x86.', /^TUPLE2 .*holds too little/],
  ['N(\x85.', /^TUPLE1 .*holds too little/],
  ['Na.', /^APPEND /],
  ['NNa.', /^APPEND .*is no list/],
  ['N(Ne.', /^APPENDS .*is no list/],
  [')NNs.', /^SETITEM .*is no dict/],
  ['}(Nu.', /^SETITEMS .*a key of a dict has no value/],
  ['(Nd.', /^DICT .*a key of a dict has no value/],
  [')(N\x90.', /^ADDITEMS .*is no set/],
  ['NN\x93.', /^STACK_GLOBAL .*other than strings/],
  ['N)R.', /^REDUCE .*no class or function/],
  ['cbuiltins\nset\nNR.', /^REDUCE .*no class or function/],
  ['}}b.', /^BUILD .*state to something that has none/],
  ['Nb.', /^BUILD .*holds too little/],
  ['cos\n', /^GLOBAL .*its line does not end/],
  ['c\xff\nx\n.', /^GLOBAL .*is not what may stand here/],
  ['}}Ns.', /^SETITEM .*one that Python does not take/],
  ['\x8f(}\x90.', /^ADDITEMS .*one that Python does not take/],
  ['}F-0.0\nNs.', /^SETITEM .*-0\.0 is the key/],
  ['(F-0.0\n\x91.', /^FROZENSET .*-0\.0/],
  ['}I1\nNsI1\nNs.', /^SETITEM .*the same in JavaScript/],
  ['(Fnan\nFnan\n\x91.', /^FROZENSET .*the same in JavaScript/],
  ['c_codecs\nencode\n(Va\nVutf8\ntR.', /^REDUCE .*Latin-1/],
  ['c_codecs\nencode\n(V\\u0100\nVlatin1\ntR.', /^REDUCE .*Latin-1/],
  ['c_codecs\nencode\n(tR.', /^REDUCE .*Latin-1/],
  ['cbuiltins\nbytes\n(I5\ntR.', /^REDUCE .*bytes is only read where it is called without arguments/],
  ['cbuiltins\nbytearray\n(I5\ntR.', /^REDUCE .*other than bytes/],
  ['cbuiltins\nset\n(VX\ntR.', /^REDUCE .*other than a list/],
  ['cbuiltins\nset\n((l(ltR.', /^REDUCE .*other than a list/],
  ['ccollections\nOrderedDict\n((ltR.', /^REDUCE .*OrderedDict/],
  ['cnumpy.core.multiarray\n_reconstruct\n(cbuiltins\nset\ntR.', /a class other than ndarray/],
  ['cnumpy\ndtype\n(I5\ntR.', /a dtype without a name/],
  ['cnumpy\ndtype\n(Vf8\ntRNb.', /the state of a dtype/],
  ['cnumpy\ndtype\n(VV8\ntR(I3\nV|\nN(Va\ntNtb.', /a structured dtype is not read/],
  [`${ARRAY}.`, /an array has no elements/],
  [`${ARRAY}Nb.`, /the state of an array/],
  [`${ARRAY}(I1\n(I1\nt${DTYPE}I00\nVabcdefgh\ntb.`, /elements of an array are not bytes/],
  [`${ARRAY}(I1\n(I2\nt${DTYPE}I00\nC\x08abcdefghtb.`, /shape \(2\) has 16 bytes of elements, not 8/],
  [`${ARRAY}(I1\n(I-1\nt${DTYPE}I00\nC\x00tb.`, /the shape of an array/],
  [`${ARRAY}(I1\nN${DTYPE}I00\nC\x00tb.`, /the shape of an array/],
  [`${ARRAY}(I1\n(${'I1\n'.repeat(65)}t${DTYPE}I00\nC\x08abcdefghtb.`, /the shape of an array/],
  [`${ARRAY}(I1\n(${'I1000000000\n'.repeat(3)}t${DTYPE}I00\nC\x00tb.`, /beyond any file/],
  ['cnumpy.core.multiarray\nscalar\n(NC\x01atR.', /the arguments of scalar/],
  [`cnumpy.core.multiarray\nscalar\n(${DTYPE}C\x01atR.`, /has 8 bytes of elements, not 1/],
  [`cnumpy.core.numeric\n_frombuffer\n(C\x08abcdefgh${DTYPE}(I1\ntVK\ntR.`, /the arguments of _frombuffer/],
];

/** Opcodes that no pickler of Python 3 writes, and which mean plain data. */
const UNUSUAL: readonly [text: string, value: unknown][] = [
  ['I01\n.', true],
  ['I-0\n.', 0],
  ['L5\n.', 5],
  ['L-12345678901234567890L\n.', -12345678901234567890n],
  ['Finf\n.', Infinity],
  ['F-inf\n.', -Infinity],
  ['Fnan\n.', NaN],
  ['F-0.0\n.', -0],
  ['F1e5\n.', 1e5],
  ['F.5\n.', 0.5],
  ['F5.\n.', 5],
  ['V\\u0041\\U0001F52D\\\\u0041\\x\n.', 'A\u{1F52D}\\\\u0041\\x'],
  ['Va\\\n.', 'a\\'],
  ['X\x06\x00\x00\x00\xed\xa0\xbd\xed\xb4\xad.', '\u{1F52D}'],
  ['X\x05\x00\x00\x00a\xed\xa0\xbdb.', 'a\ud83db'],
  ['X\x03\x00\x00\x00\xef\xbb\xbf.', '\ufeff'],
  ['(I1\nI2\nl.', [1, 2]],
  ['(Va\nI1\nd.', { a: 1 }],
  ['N2\x86.', [null, null]],
  ['NN0.', null],
  ['N(0.', null],
  ['N(NN1.', null],
  ['Np5\n0g5\n.', null],
  ['Nr\xff\xff\xff\xff0j\xff\xff\xff\xff.', null],
  ['\x8e\x02\x00\x00\x00\x00\x00\x00\x00ab.', Buffer.from('ab')],
  ['\x8d\x02\x00\x00\x00\x00\x00\x00\x00ab.', 'ab'],
  ['\x96\x02\x00\x00\x00\x00\x00\x00\x00ab.', Buffer.from('ab')],
  ['\x8b\x00\x00\x00\x00.', 0n],
  ['\x8a\x00.', 0],
  ['cbuiltins\nbytearray\n(tR.', Buffer.alloc(0)],
  ['cbuiltins\nset\n(tR.', new Set()],
  ['N\x80\x03.', null],
];

/** Dicts that have a key other than a string only after others hold them, or after keys that an object puts first. */
const LATE: readonly [text: string, value: unknown][] = [
  [']q\x00}q\x01a0h\x01I1\nNs0h\x00.', [new Map([[1, null]])]],
  ['}q\x00Va\n}q\x01s0h\x01I1\nNs0h\x00.', { a: new Map([[1, null]]) }],
  ['}q\x00I5\n}q\x01s0h\x01I1\nNs0h\x00.', new Map([[5, new Map([[1, null]])]])],
  ['}q\x000h\x00\x85q\x010h\x00I1\nNs0h\x01.', [new Map([[1, null]])]],
  [
    '}(V2\nNV1\nNI0\nNu.',
    new Map<unknown, null>([
      ['2', null],
      ['1', null],
      [0, null],
    ]),
  ],
  [
    '}V2\nNsV__proto__\nNsV1\nNsI0\nNs.',
    new Map<unknown, null>([
      ['2', null],
      ['__proto__', null],
      ['1', null],
      [0, null],
    ]),
  ],
];

/** Sound pickles to alter. */
const SOUND: readonly Buffer[] = [
  [
    null,
    true,
    1,
    -5,
    2 ** 40,
    2n ** 80n,
    5n,
    1.5,
    'text',
    'text',
    'é\ud800',
    Buffer.from('ab'),
    [],
    [1],
    {},
    { a: { b: [1, 2, 3] } },
    new Set([1, 'a']),
  ],
  { list: [[1, 2], [3]], array: Float64Array.of(1, 2), grid: Int16Array.of(1, 2) },
  new Map([[1, new Date(0)]]),
].flatMap((value) => [0, 1, 2, 3, 4, 5].map((protocol) => pickleValue(value, protocol)));

/** The value, or nothing where it is refused as it should be. */
function readOrRefuse(pickle: Uint8Array): unknown {
  try {
    return unpickle(pickle);
  } catch (error) {
    if (!(error instanceof PickleError) || error.code !== 'STOWAGE_PICKLE') throw error;
    return undefined;
  }
}

describe('unpickle', () => {
  it('names every opcode that there is, once', () => {
    expect(Object.keys(Op).length).to.equal(68);
    expect(new Set(Object.values(Op)).size).to.equal(68);
  });

  for (const [text, says] of DANGEROUS) {
    it(`runs nothing and says so: ${JSON.stringify(text.slice(0, 60))}`, () => {
      expect(() => read(text))
        .to.throw(PickleError, says)
        .with.property('code', 'STOWAGE_PICKLE');
    });
  }

  for (const [text, says] of DAMAGED) {
    it(`says what is wrong with ${JSON.stringify(text.slice(0, 60))}`, () => {
      expect(() => read(text)).to.throw(PickleError, says);
    });
  }

  it('reads what is plain data in any opcodes', () => {
    for (const [text, value] of UNUSUAL) {
      if (!isDeepStrictEqual(read(text), value)) expect.fail(JSON.stringify(text));
    }
  });

  it('makes a Map of a dict that has such a key late, wherever it is held, with its keys in their order', () => {
    for (const [text, value] of LATE) expectSame(read(text), value);
    const own = read('}q\x00(Va\nh\x00I1\nNu.') as Map<unknown, unknown>;
    expect(own.get('a')).to.equal(own);
  });

  it('gives Buffers and arrays memory of their own, apart from the pickle', () => {
    const pickle = pickleValue([Buffer.from('ab'), Float64Array.of(1.5)], 5);
    const value = unpickle(pickle);
    pickle.fill(0);
    expectSame(value, [Buffer.from('ab'), Float64Array.of(1.5)]);
  });

  it('reads a pickle that is part of a larger memory', () => {
    const pickle = pickleValue({ a: [1] }, 4);
    const memory = new Uint8Array(pickle.length + 7);
    memory.set(pickle, 5);
    expectSame(unpickle(memory.subarray(5, 5 + pickle.length)), { a: [1] });
  });

  it('takes a value of JavaScript alone in exactly the form in which it is written', () => {
    const pickle = pickleValue(new Map([[1, 2]]), 3).toString('latin1');
    expect(() => read(pickle.replace('STOWAGE', 'STOWAGF'))).to.throw(PickleError, /do not fit their checksum/);
    expect(() => read(pickle.replace('xxh3:', 'xxh4:'))).to.throw(PickleError, /do not fit their checksum/);
    expect(() => read(pickle.replace('\x86R.', '\x86\x85R.'))).to.throw(
      PickleError,
      /not in the form that Stowage writes/,
    );
    expect(() => read(pickle.replace('R.', '0.'))).to.throw(PickleError, /class or function, not data/);
  });

  it('lets no part of the pickle reach a prototype', () => {
    const value = read('}(V__proto__\n}Vpolluted\nI1\nsu.') as object;
    expect(Object.keys(value)).to.deep.equal(['__proto__']);
    expect(Object.getPrototypeOf(value)).to.equal(Object.prototype);
    expect(({} as { polluted?: unknown }).polluted).to.equal(undefined);
  });

  it('is not made to fill the memory or the time by a pickle that lends one argument to many calls', () => {
    const says = /^(REDUCE|BUILD) .*more data than the pickle holds/;
    const large = `C\xff${'x'.repeat(255)}q\x000`;
    expect(() => read(`${large}${'cbuiltins\nbytearray\n(h\x00tR0'.repeat(100)}N.`)).to.throw(PickleError, says);
    expect(() => read(`(${'N'.repeat(2000)}lq\x000${'cbuiltins\nset\n(h\x00tR0'.repeat(100)}N.`)).to.throw(PickleError);
    expect(() =>
      read(
        `(${range(400)
          .map((index) => `I${index}\n`)
          .join('')}lq\x000${'cbuiltins\nset\n(h\x00tR0'.repeat(200)}N.`,
      ),
    ).to.throw(PickleError, says);
    const bytes = `${large}${DTYPE.replace('Vf8', 'Vu1')}q\x010${ARRAY}q\x020`;
    expect(read(`${bytes}h\x02(I1\n(I255\nth\x01I00\nh\x00tb.`)).to.deep.equal(new Uint8Array(255).fill(120));
    expect(() => read(`${bytes}${'h\x02(I1\n(I255\nth\x01I00\nh\x00tb0'.repeat(100)}N.`)).to.throw(PickleError, says);
  });

  it('reads what is nested deeper than any stack, and shares what is shared however often', () => {
    let depth = 0;
    for (let at = read(`${'('.repeat(100_000)}${'l'.repeat(100_000)}.`); Array.isArray(at); at = (at as unknown[])[0])
      depth++;
    expect(depth).to.equal(100_000);
    // 2^100 leaves, were they not shared.
    let at = read(`(l${'2\x86'.repeat(100)}.`) as unknown[];
    for (let level = 0; level < 100; level++) {
      expect(at[0]).to.equal(at[1]);
      at = at[0] as unknown[];
    }
  });

  it('makes a value or a PickleError of every beginning of a pickle, and of every pickle with one byte altered', () => {
    for (const pickle of SOUND) {
      for (let length = 0; length < pickle.length; length++)
        expect(readOrRefuse(pickle.subarray(0, length))).to.equal(undefined);
      for (let at = 0; at < pickle.length; at++) {
        for (const flip of [1, 4, 0x80, 0xff]) {
          const altered = Buffer.from(pickle);
          altered[at] = (altered[at] as number) ^ flip;
          readOrRefuse(altered);
        }
      }
    }
  });

  it('makes a value or a PickleError of any opcodes, and of pieces of pickles in any order', () => {
    const opcode = fc.constantFrom(...Object.values(Op));
    const soup = fc
      .array(fc.oneof(opcode, opcode, fc.nat(255), fc.constantFrom(0, 1, 2, 10, 48)), { maxLength: 60 })
      .map((codes) => Buffer.from([...codes, Op.STOP]));
    const piece = fc
      .tuple(fc.constantFrom(...SOUND), fc.nat(400), fc.nat(40))
      .map(([pickle, start, length]) => pickle.subarray(start, start + length));
    const pieces = fc.array(piece, { maxLength: 6 }).map((parts) => Buffer.concat([...parts, Buffer.of(Op.STOP)]));
    fc.assert(
      fc.property(fc.oneof(soup, pieces), (pickle) => {
        readOrRefuse(pickle);
      }),
      { numRuns: 20_000 },
    );
  });
});
