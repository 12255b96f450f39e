/** A process that computes, pushes or pulls the channels of a spectrum, and says a line for each result that was moved. */
import { writeSync } from 'node:fs';
import { cacheOnDisk, pull, push, setRemote, setTag, setTmpdir, type RemoteOptions } from 'stowage';

class Spectrum {
  ran = 0;

  @cacheOnDisk({ durable: false })
  channel(number: number): Float64Array {
    this.ran++;
    // Every other one is large enough to be data of its own.
    return Float64Array.from({ length: number % 2 === 0 ? 100 : 3000 }, (_, i) => i + number);
  }
}

const [verb = '', tmpdir = '', url = '', options = '{}', count = '0', tag = 'night'] = process.argv.slice(2);
const spectrum = new Spectrum();
setTmpdir(spectrum, tmpdir);
setTag(spectrum, tag);
const say = (what: object): void => void writeSync(1, `${JSON.stringify(what)}\n`);
const onProgress = say;
if (verb !== 'compute') setRemote(spectrum, url, JSON.parse(options) as RemoteOptions);
if (verb === 'push') say(await push(spectrum, { onProgress }));
if (verb === 'pull') say(await pull(spectrum, { onProgress }));
if (verb === 'compute' || verb === 'use') {
  for (let i = 0; i < Number(count); i++) spectrum.channel(i);
  say({ ran: spectrum.ran });
}
