import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { cacheOnDisk, invalidate, pull, push, reduceSize, RemoteError, setRemote } from 'stowage';
import { FileBackend } from '#lib/remote/backend/file-backend.js';
import { survey } from '#lib/remote/work/survey.js';
import { filesIn, tagIn } from '../../support/analyses/analysis.js';
import { LittleS3 } from '../../support/services/little-s3.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

class Spectrum {
  ran = 0;

  @cacheOnDisk
  channel(number: number): Float64Array {
    this.ran++;
    return new Float64Array(3000).fill(number);
  }
}

/** With ten results that are nowhere else. */
function spectrumIn(tmpdir = temporaryFolder()): Spectrum {
  const spectrum = tagIn(tmpdir, new Spectrum());
  for (let i = 0; i < 10; i++) spectrum.channel(i);
  return spectrum;
}

const messageOf = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => '',
    (error: unknown) => String(error),
  );

describe('results that are moved', () => {
  let share: string;

  beforeEach(() => {
    share = temporaryFolder();
  });

  it('are those of which there is something to move', async () => {
    const spectrum = spectrumIn();
    invalidate(spectrum, 'channel', 1);
    setRemote(spectrum, `file://${share}`);
    expect(await push(spectrum)).to.include({ pushed: 9, skipped: 1 });
    reduceSize(spectrum, { items: 0 });
    expect(await push(spectrum)).to.include({ pushed: 0, present: 0, skipped: 10 });
    expect(await pull(spectrum)).to.include({ pulled: 9, present: 0 });
  });

  it('are whole as far as they are moved, where that is called off', async () => {
    const spectrum = spectrumIn();
    setRemote(spectrum, `file://${share}`);
    const stop = new AbortController();
    const report = await push(spectrum, {
      signal: stop.signal,
      onProgress: () => {
        stop.abort();
      },
    });
    expect(report.pushed).to.be.within(1, 9);
    const names = filesIn(share).filter((name) => name.startsWith('records/'));
    expect(names).to.have.length(report.pushed);
    expect((await push(spectrum)).pushed).to.equal(10 - report.pushed);
  });

  it('need a tag, and a remote, and options that there are', async () => {
    expect(await messageOf(push({}))).to.include('call setTag(root, tag) first');
    expect(await messageOf(pull(spectrumIn()))).to.include('call setRemote first');
    expect(await messageOf(push({}, { signale: 1 } as object))).to.include("did you mean 'signal'?");
  });

  it('are pushed by a server that is busy at first, and say what it said that stays so', async () => {
    const server = await LittleS3.start();
    try {
      const spectrum = spectrumIn();
      setRemote(spectrum, 's3://bucket', server.options);
      await server.behave({ status: 503, times: 2, method: 'PUT' });
      expect(await push(spectrum)).to.include({ pushed: 10 });
      await server.behave({ status: 403 });
      const error = await pull(spectrum).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(RemoteError);
      expect(error).to.have.property('reason', '403');
    } finally {
      await server.stop();
    }
  });

  it('are not sound where their data is gone, or of another length', async () => {
    const spectrum = spectrumIn();
    setRemote(spectrum, `file://${share}`);
    await push(spectrum);
    const [gone = '', short = '', other = ''] = filesIn(share).filter((name) => name.startsWith('data/'));
    rmSync(join(share, gone));
    truncateSync(join(share, short), 100);
    const bytes = readFileSync(join(share, other));
    writeFileSync(join(share, other), bytes.fill(1, 500, 501));
    const look = async (data: boolean): Promise<string[]> => {
      const { refused } = await survey(new FileBackend(share), undefined, { data, before: 0 });
      return refused.map(({ reason }) => reason.replace(/\d+/g, 'N')).sort();
    };
    expect(await look(false)).to.deep.equal(['its data has N bytes instead of N', 'its data is gone']);
    expect(await look(true)).to.deep.equal([
      'its data has fewer bytes than N',
      'its data is gone',
      'its data is not what was pushed: its digest differs',
    ]);
    expect(existsSync(join(share, other))).to.equal(true);
  });
});
