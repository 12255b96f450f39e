/** A process that computes twenty results, pushes them to a remote, and ends in the way given, which is also its tag. */
import { cacheOnDisk, setRemote, setTag, setTmpdir, type RemoteOptions } from 'stowage';

class Spectrum {
  @cacheOnDisk
  channel(number: number): Float64Array {
    return Float64Array.from({ length: 3000 }, (_, i) => i * number);
  }
}

const [tmpdir = '', url = '', options = '{}', end = ''] = process.argv.slice(2);
const spectrum = new Spectrum();
setTmpdir(spectrum, tmpdir);
setTag(spectrum, end);
setRemote(spectrum, url, JSON.parse(options) as RemoteOptions);
for (let i = 0; i < 20; i++) spectrum.channel(i);
if (end === 'exit') process.exit();
if (end === 'throw') throw new Error('a bug');
