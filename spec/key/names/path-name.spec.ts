import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { indexLabel, mapKeyLabel, propertyLabel } from '#lib/key/names/instance-path.js';
import { entryStem, escapeComponent, escapeText } from '#lib/key/names/path-name.js';

/** Texts full of what makes trouble. */
const nasty = fc.oneof(
  fc.string({
    unit: fc.constantFrom('%', '~', '/', '\\', '.', ' ', '\0', ':', '\ud800', '\udc00', '2', 'F', 'u', 'ö', 'CON'),
  }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '.', '..', 'con', 'CON.txt', 'nul', '%2E', '%', 'com1', 'com¹', 'lpt9.x'),
);

describe('escapeComponent', () => {
  it('leaves ordinary names as they are', () => {
    for (const name of [
      'root.byName["tip"]',
      'größe',
      '天文',
      'a b',
      '$x_1',
      'root.modes[3]',
      'console',
      '.hidden',
      'a=b,c;d+e&f#g@h!',
    ]) {
      expect(escapeComponent(name)).to.equal(name);
    }
  });

  it('escapes what file systems refuse or change', () => {
    const names = [
      'a/b',
      'a\\b',
      'a\0b',
      'a\nb',
      '.',
      '..',
      'a.',
      'a ',
      'CON',
      'nul.txt',
      '50%',
      'a~b',
      'a:b',
      '\ud800',
      '',
      'com¹',
    ];
    expect(names.map(escapeComponent)).to.deep.equal([
      'a%2Fb',
      'a%5Cb',
      'a%00b',
      'a%0Ab',
      '%2E',
      '.%2E',
      'a%2E',
      'a%20',
      '%43ON',
      '%6Eul.txt',
      '50%25',
      'a%7Eb',
      'a%3Ab',
      '%uD800',
      '%',
      '%63om¹',
    ]);
  });

  it('never gives two names one component', () => {
    const seen = new Map<string, string>();
    fc.assert(
      fc.property(nasty, (name) => {
        const escaped = escapeComponent(name);
        expect(seen.get(escaped) ?? name).to.equal(name);
        seen.set(escaped, name);
      }),
      { numRuns: 20_000 },
    );
  });

  it('can be undone, so that it is injective on all names', () => {
    const undo = (escaped: string): string => {
      if (escaped === '%') return '';
      const halves = escaped.split(/%u([0-9A-F]{4})/);
      return halves
        .map((part, i) => (i % 2 === 1 ? String.fromCharCode(parseInt(part, 16)) : decodeURIComponent(part)))
        .join('');
    };
    fc.assert(
      fc.property(nasty, (name) => {
        expect(undo(escapeComponent(name))).to.equal(name);
      }),
      { numRuns: 5000 },
    );
  });

  it('gives names that the file system keeps to the letter', () => {
    const folder = mkdtempSync(join(tmpdir(), 'stowage-names-'));
    try {
      const names = fc
        .sample(nasty, 300)
        .map(escapeComponent)
        .filter((name) => Buffer.byteLength(name) < 200);
      for (const name of names) writeFileSync(join(folder, name), '');
      expect(new Set(readdirSync(folder))).to.deep.equal(new Set(names));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('entryStem', () => {
  it('is the path that a NumPy user expects', () => {
    expect(entryStem('root', 'Parent.aMethod')).to.equal('root.Parent.aMethod');
    expect(entryStem(`root${propertyLabel('modes')}${indexLabel(3)}`, 'Mode.psd')).to.equal('root.modes[3].Mode.psd');
    expect(entryStem(`root.byName${mapKeyLabel('a.b', 0)}`, 'M.f')).to.equal('root.byName["a%2Eb"].M.f');
  });

  it('escapes a method id and whatever a path should not hold', () => {
    expect(entryStem('root', 'A.50%/x')).to.equal('root.A.50%25%2Fx');
    expect(entryStem('../x', 'A.b')).to.equal('..%2Fx.A.b');
  });

  it('cuts a long name and ends it in a digest of all of it', () => {
    const long = 'root' + '.child'.repeat(50);
    const name = entryStem(long, 'A.b');
    expect(name).to.match(/^root(\.child)+.*~[0-9a-f]{16}$/);
    expect(Buffer.byteLength(name)).to.be.at.most(180);
    expect(entryStem(long, 'A.c')).not.to.equal(name);
    expect(entryStem(long, 'A.b')).to.equal(name);
  });

  it('cuts before a whole character and a whole escape', () => {
    for (let lead = 0; lead < 8; lead++) {
      const name = entryStem('r'.repeat(lead) + '🌟'.repeat(60), 'A.b');
      expect(name).to.match(/^r*(🌟)+~[0-9a-f]{16}$/u);
      expect(entryStem('r'.repeat(lead), 'A.' + '/'.repeat(100))).to.match(/^r*\.A\.(%2F)+~[0-9a-f]{16}$/);
    }
  });

  it('never takes an ordinary name for a cut one', () => {
    const cut = entryStem('root' + '.child'.repeat(50), 'A.b');
    expect(entryStem('root', cut.slice('root.'.length))).not.to.equal(cut);
    fc.assert(
      fc.property(nasty, (text) => {
        expect(escapeText(text)).not.to.include('~');
      }),
    );
  });
});
