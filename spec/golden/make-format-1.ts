/**
 * Writes the golden files of format 1 again, from the root of the project:
 * `npm run build && node build/spec/golden/make-format-1.js`. They change only when the format does.
 */
import { rmSync } from 'node:fs';
import { setTag, setTmpdir } from 'stowage';
import { Golden } from './format-1.js';

const tmpdir = 'spec/golden/format-1';
rmSync(`${tmpdir}/cachegolden`, { recursive: true, force: true });
const golden = new Golden();
setTmpdir(golden, tmpdir);
setTag(golden, 'golden');
await golden.results();
