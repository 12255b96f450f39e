import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { cacheOnDisk, configure, dependsOnFile, explain, setTag, setTmpdir } from 'stowage';
import { parseRecord, type EntryRecord } from '#lib/store/record/record.js';
import { rewriteRecord } from '#lib/store/entry/rewrite.js';
import { recordedEvents } from '../../support/output/recorded-events.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** A program that is installed has not been changed for a while. */
const input = process.execPath;

class Night {
  @cacheOnDisk
  frames(): number {
    return dependsOnFile(input).length;
  }

  @cacheOnDisk
  strehl(): number[] {
    return [this.frames()];
  }
}

describe('an input file that was copied, with the results that were made of it', () => {
  const seen = recordedEvents('hit', 'miss', 'stale');
  let folder: string;
  const stemOf = (method: string): string => join(folder, 'cachenight', `root.Night.${method}`);
  const recordOf = (method: string): EntryRecord =>
    parseRecord(readFileSync(`${stemOf(method)}.json`, 'utf8')) as EntryRecord;
  const inodeIn = (method: string): unknown => recordOf(method).trace.find((item) => 'file' in item)?.inode;

  function night(): Night {
    const night = new Night();
    setTmpdir(night, folder);
    setTag(night, 'night');
    return night;
  }

  beforeEach(() => {
    folder = temporaryFolder();
    night().strehl();
    const { trace, ...record } = recordOf('frames');
    // As a copy would have it: all but the content is another.
    rewriteRecord(stemOf('frames'), {
      ...record,
      trace: trace.map((item) => ({ ...item, inode: '1', mtimeNs: '1', ctimeNs: '1' })),
    });
    seen.length = 0;
  });

  it('is the same by its content, and is not compared again', () => {
    night().frames();
    expect(seen.map(({ type }) => type)).to.deep.equal(['hit']);
    expect(inodeIn('frames')).to.not.equal('1');
  });

  it('is not compared again where only what was made of its results is asked for', () => {
    night().strehl();
    expect(seen.map(({ type }) => type)).to.deep.equal(['hit']);
    expect(inodeIn('frames')).to.not.equal('1');
  });

  it('leaves the records as they are where nothing may be written, or somebody only asks', () => {
    expect(explain(night(), 'strehl').state).to.equal('disk');
    configure({ readonly: true });
    try {
      night().strehl();
      night().frames();
    } finally {
      configure({ readonly: false });
    }
    expect(seen.map(({ type }) => type)).to.deep.equal(['hit', 'hit']);
    expect(inodeIn('frames')).to.equal('1');
  });
});
