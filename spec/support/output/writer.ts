/** A process that replaces two entries of a folder again and again until it is told to stop, and eleven times at least. */
import { existsSync } from 'node:fs';
import { setTag, setTmpdir } from 'stowage';
import { Replaced } from '../analyses/replaced.js';

const [tmpdir = '', stop = ''] = process.argv.slice(2);
const writer = new Replaced();
setTmpdir(writer, tmpdir);
setTag(writer, 't');
let rounds = 0;
for (writer.refresh.now = true; rounds <= 10 || !existsSync(stop); rounds++) {
  writer.refresh.filling = rounds % 251;
  writer.array();
  writer.blob();
}
process.stdout.write(String(rounds));
