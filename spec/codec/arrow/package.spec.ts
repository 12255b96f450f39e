import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Whether a table that a program made is stored, and is of the program's own class when it is loaded. */
const roundTrip = `
  const { arrowCodec } = await import(${JSON.stringify(import.meta.resolve('#lib/codec/arrow/arrow.js'))});
  const outcome = [tableFromArrays({ a: Int32Array.of(1, 2), b: ['x', 'y'] }), vectorFromArray(['x', null])].map((value) => {
    const { type, chunks } = arrowCodec.encode(value);
    const copy = arrowCodec.decode(Uint8Array.from(Buffer.concat(chunks)), { type });
    return [copy instanceof (type === 'Table' ? Table : Vector), String(copy) === String(value)];
  });
  console.log(JSON.stringify(outcome));
`;

/** The folder whose package.json says what #lib is. */
const cwd = fileURLToPath(new URL('../../..', import.meta.url));

function run(load: string): unknown {
  const args = ['--input-type=module', '--eval', `${load}\n${roundTrip}`];
  return JSON.parse(execFileSync(process.execPath, args, { cwd, encoding: 'utf8' }));
}

describe('the copy of apache-arrow', () => {
  const names = '{ Table, Vector, tableFromArrays, vectorFromArray }';
  const whole = [
    [true, true],
    [true, true],
  ];

  it('is that of a program that imports it', () => {
    expect(run(`import ${names} from 'apache-arrow';`)).to.deep.equal(whole);
  });

  it('is that of a program that requires it', () => {
    const load = `import { createRequire } from 'node:module';
      const ${names} = createRequire(process.cwd() + '/program.js')('apache-arrow');`;
    expect(run(load)).to.deep.equal(whole);
  });
});
