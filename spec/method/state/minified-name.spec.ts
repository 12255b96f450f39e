import { runInThisContext } from 'node:vm';
import { expect } from 'chai';
import { transformSync } from 'esbuild';
import { isNamedByMinifier } from '#lib/method/state/minified-name.js';

const source = 'const made = { Class: class Camera { image(side) { return side * 2; } } };';

/** The class, as it is after a minifier. */
function classOf(code: string): { Class: { name: string } & object } {
  return runInThisContext(`(() => { ${code}; return made; })()`) as { Class: { name: string } & object };
}

function isMinified(code: string): boolean {
  const { Class } = classOf(code);
  return isNamedByMinifier(Class, Class.name);
}

describe('a name that a minifier gave', () => {
  it('is told by its length and the text of the class', () => {
    expect(isMinified(source.replace('Camera ', 'e').replaceAll(/ (?=[{}(])|(?<=[{};]) /g, ''))).to.equal(true);
  });

  it('is not one that was written, short as it is', () => {
    expect(isMinified(source.replace('Camera', 'E'))).to.equal(false);
    expect(isMinified('const made = { Class: class E {\n  image(side){\n    return 2;\n  }\n} };')).to.equal(false);
  });

  it('is not one that the minifier kept', () => {
    const { code } = transformSync(source.replace('Camera', 'Cam'), { minify: true, keepNames: true });
    expect(code).to.contain('"Cam"');
    expect(isMinified(code)).to.equal(false);
  });
});
