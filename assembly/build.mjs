/** Compiles xxh3.ts and writes it, as text, to where the library has it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, URL } from 'node:url';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'stowage-assembly-'));
try {
  const binary = join(folder, 'xxh3.wasm');
  const options =
    '--runtime stub --noAssert -O3 --enable simd --disable mutable-globals --memoryBase 640 --initialMemory 2 --maximumMemory 2';
  const compiler = here('node_modules/assemblyscript/bin/asc.js');
  const { status } = spawnSync(process.execPath, [compiler, here('xxh3.ts'), '-o', binary, ...options.split(' ')], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(1);
  const lines = readFileSync(binary)
    .toString('base64')
    .match(/.{1,100}/g);
  const text = `/** XXH3 as WebAssembly, in base64: made by \`npm run assembly\` from assembly/xxh3.ts, not written by hand. */
export const XXH3_BINARY = \`
${lines.join('\n')}
\`;
`;
  writeFileSync(here('../lib/base/packages/xxh3-binary.ts'), text);
} finally {
  rmSync(folder, { recursive: true });
}
