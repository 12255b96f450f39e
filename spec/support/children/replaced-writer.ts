/** A process that replaces the result of `replaced-in-loop.ts` as often as its second argument says. */
import { setTag, setTmpdir } from 'stowage';
import { Replaced } from '../analyses/replaced-in-loop.js';

const [, , tmpdir = '', times = '0'] = process.argv;
const writer = new Replaced();
setTmpdir(writer, tmpdir);
setTag(writer, 'night');
Replaced.refresh = true;
for (Replaced.number = 1; Replaced.number <= Number(times); Replaced.number++) writer.value();
