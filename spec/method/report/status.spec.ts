import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  cacheOnDisk,
  dependsOnFile,
  getDiskCacher,
  invalidate,
  status,
  type EntryRecord,
  type MethodStatus,
} from 'stowage';
import { methodStatuses, secondsOfAll } from '#lib/method/report/method-status.js';
import { ownSeconds } from '#lib/method/report/own-seconds.js';
import { callStatuses } from '#lib/method/report/status.js';
import { tagIn } from '../../support/analyses/analysis.js';
import { Night } from '../../support/analyses/reduction.js';
import { changeRecord } from '../../support/values/change-record.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

class Survey {
  constructor(private readonly file: string) {}

  @cacheOnDisk
  stars(): number {
    dependsOnFile(this.file);
    return 1;
  }

  @cacheOnDisk
  bright(): number {
    return this.stars();
  }

  @cacheOnDisk
  faint(): number {
    return this.stars();
  }

  @cacheOnDisk({ onCodeChange: 'warn' })
  count(): number {
    return 3;
  }
}

describe('status', () => {
  const lineOf = async (root: object, method: string): Promise<MethodStatus> => {
    const line = (await status(root)).find((each) => each.method === method);
    if (line === undefined) throw new Error(`no line of ${method}`);
    return line;
  };

  describe('of a hierarchy', () => {
    let night: Night;

    beforeEach(() => {
      night = tagIn(temporaryFolder(), new Night());
      night.summary();
    });

    it('has one line a method, in order, whatever the number of its calls', async () => {
      night.camera.binned(20);
      const lines = await status(night);
      expect(lines.map(({ method, state, calls }) => [method, state, calls])).to.deep.equal([
        ['Night.summary', 'current', 1],
        ['Camera.binned', 'current', 2],
        ['Camera.dark', 'missing', 1],
        ['Camera.frames', 'current', 1],
        ['Camera.total', 'current', 1],
      ]);
    });

    it('takes no time where nothing is to do, and does not know that of what never ran', async () => {
      expect((await lineOf(night, 'Night.summary')).seconds).to.equal(0);
      expect(await lineOf(night, 'Camera.dark')).not.to.have.property('seconds');
    });

    it('names what was invalidated, and computes nothing', async () => {
      invalidate(night.camera, 'binned', 10);
      const { length } = night.camera.ran;
      const line = await lineOf(night, 'Camera.binned');
      expect(line).to.deep.include({ state: 'stale', reason: 'invalidated', pending: 1 });
      expect(night.camera.ran).to.have.length(length);
    });
  });

  describe('of what shares an upstream', () => {
    let file: string;
    let folder: string;
    let survey: Survey;

    beforeEach(() => {
      folder = temporaryFolder();
      file = join(temporaryFolder(), 'stars.txt');
      writeFileSync(file, '1');
      survey = tagIn(folder, new Survey(file));
      survey.bright();
      survey.faint();
      survey.count();
    });

    const change = (method: 'bright' | 'count' | 'faint' | 'stars', fields: Partial<EntryRecord>): void => {
      changeRecord(`${getDiskCacher(survey, method).fullpath()}.json`, () => fields);
    };

    it('counts its time in each line, and once in all', async () => {
      change('bright', { computedAt: 100, seconds: 5 });
      change('stars', { computedAt: 101, seconds: 4 });
      change('faint', { computedAt: 110, seconds: 1 });
      writeFileSync(file, '22');
      const fresh = tagIn(folder, new Survey(file));
      const lines = (await status(fresh)).map(({ method, state, seconds }) => [method, state, seconds]);
      expect(lines).to.deep.equal([
        ['Survey.bright', 'stale', 5],
        ['Survey.count', 'current', 0],
        ['Survey.faint', 'stale', 5],
        ['Survey.stars', 'stale', 4],
      ]);
      expect(secondsOfAll(await callStatuses(fresh, 'status'))).to.equal(6);
    });

    it('names the file that changed', async () => {
      writeFileSync(file, '22');
      const fresh = tagIn(folder, new Survey(file));
      expect((await lineOf(fresh, 'Survey.bright')).reason).to.include('stars.txt');
    });

    it('says older of what is used in spite of its code', async () => {
      change('count', { code: 'other', codeSeen: undefined } as unknown as Partial<EntryRecord>);
      const fresh = tagIn(folder, new Survey(file));
      expect(await lineOf(fresh, 'Survey.count')).to.deep.include({ state: 'older', pending: 0, seconds: 0 });
    });
  });

  describe('its seconds', () => {
    it('leave out what ran within, once', () => {
      const used = [
        { computedAt: 101, seconds: 4 },
        { computedAt: 103, seconds: 3 },
        { computedAt: 50, seconds: 5 },
      ];
      expect(ownSeconds({ computedAt: 100, seconds: 10 }, used)).to.equal(5);
    });

    it('are all of them where nothing ran within', () => {
      expect(ownSeconds({ computedAt: 100, seconds: 10 }, [])).to.equal(10);
    });
  });

  it('of no calls has no lines', () => {
    expect(methodStatuses([])).to.deep.equal([]);
  });
});
