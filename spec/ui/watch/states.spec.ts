import { join } from 'node:path';
import { expect } from 'chai';
import { Watch } from '#lib/ui/watch/watch.js';
import { reducedNight } from '../../support/analyses/reduced-night.js';
import { changeRecord } from '../../support/values/change-record.js';

const FRAMES = 'root.camera.Camera.frames';

describe('the states of a window', () => {
  /** What it says of a method once the record of the frames is changed. */
  async function reasonOf(method: string, change: Parameters<typeof changeRecord>[1]): Promise<string> {
    const { tmpdir } = reducedNight();
    changeRecord(join(tmpdir, 'cachenight', `${FRAMES}.json`), change);
    const watch = new Watch(tmpdir, undefined);
    await watch.refresh();
    const row = [...watch.rows.values()].find((each) => each.method === method);
    return row === undefined ? 'not there' : watch.now().states.of(row).reason;
  }

  it('are in the words of explain', async () => {
    const reason = await reasonOf('root.camera.Camera.total', () => ({ invalidated: true }));
    expect(reason).to.equal(`${FRAMES}: it was invalidated by hand, and not computed again since`);
  });

  it('say that a lifetime is over, by a clock that was set back as well', async () => {
    for (const from of [-1000, 1000])
      expect(
        await reasonOf(FRAMES, ({ computedAt }) => ({
          computedAt: computedAt + from,
          expiresAt: computedAt + from + 10,
        })),
      ).to.equal('its lifetime is over');
  });

  it('hold of what has not changed', async () => {
    expect(await reasonOf('root.camera.Camera.total', () => ({}))).to.equal('');
  });

  it('do not begin where the folder cannot be read', async () => {
    const watch = new Watch(join(reducedNight().tmpdir, 'cachenight', `${FRAMES}.json`), undefined);
    const failed = await watch.follow(new AbortController().signal).catch((error: unknown) => error);
    expect(failed).to.be.an.instanceOf(Error);
  });
});
