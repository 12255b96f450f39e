/**
 * A host: a process that asks a synchronous method that takes as long as no file `open` is there, and says a line for each wait and each
 * computation, and at last the value. Arguments: tmpdir, remote or nothing, its options, the folder of the file.
 */
import { existsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { cacheOnDisk, events, setRemote, setTag, setTmpdir, type RemoteOptions } from 'stowage';

const [tmpdir = '', url = '', options = '{}', gate = ''] = process.argv.slice(2);
const say = (what: string): void => void writeSync(1, `${what}\n`);

class Slow {
  @cacheOnDisk
  result(): number {
    say('computing');
    const cell = new Int32Array(new SharedArrayBuffer(4));
    while (!existsSync(join(gate, 'open'))) Atomics.wait(cell, 0, 0, 10);
    return 7;
  }
}

const slow = new Slow();
setTmpdir(slow, tmpdir);
setTag(slow, 'night');
if (url !== '') setRemote(slow, url, JSON.parse(options) as RemoteOptions);
events.on('wait', () => {
  say('waiting');
});
say(`value ${String(slow.result())}`);
