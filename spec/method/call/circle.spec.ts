import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'chai';
import { cacheOnDisk, dependsOnFile, record, setTag } from 'stowage';
import { tagIn } from '../../support/analyses/analysis.js';
import { rejection } from '../../support/values/rejection.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let file = '';
/** Which of the two uses the other today. */
let order: 'first uses second' | 'second uses first' | 'both' = 'first uses second';

class Pair {
  @cacheOnDisk({ onCodeChange: 'ignore' })
  async first(): Promise<string> {
    await nextTurn();
    return order === 'second uses first' ? 'first' : `first<${await this.second()}`;
  }

  @cacheOnDisk({ onCodeChange: 'ignore' })
  async second(): Promise<string> {
    const text = readFileSync(dependsOnFile(file), 'utf8');
    await nextTurn();
    return order === 'first uses second' ? text : `${text}<${await this.first()}`;
  }

  @cacheOnDisk({ onCodeChange: 'ignore' })
  firstNow(): string {
    return order === 'second uses first' ? 'first' : `first<${this.secondNow()}`;
  }

  @cacheOnDisk({ onCodeChange: 'ignore' })
  secondNow(): string {
    const text = readFileSync(dependsOnFile(file), 'utf8');
    return order === 'first uses second' ? text : `${text}<${this.firstNow()}`;
  }

  /** Has an answer all the same. */
  @cacheOnDisk
  guarded(): string {
    try {
      return this.turning();
    } catch {
      return 'a circle';
    }
  }

  @cacheOnDisk
  turning(): string {
    return this.guarded();
  }
}

describe('a circle', () => {
  let folder: string;
  const today = (): Pair => tagIn(folder, new Pair());

  beforeEach(async () => {
    folder = temporaryFolder();
    file = join(folder, 'in.txt');
    writeFileSync(file, '1');
    order = 'first uses second';
    expect(await today().first()).to.equal('first<1');
    expect(today().firstNow()).to.equal('first<1');
    writeFileSync(file, '2');
    order = 'second uses first';
  });

  it('is none where a stored result was made the other way round, and both are asked for at once', async () => {
    const pair = today();
    expect(await Promise.all([pair.first(), pair.second()])).to.deep.equal(['first', '2<first']);
    const other = today();
    setTag(other, 'night');
    expect(await Promise.all([other.second(), other.first()])).to.deep.equal(['2<first', 'first']);
  });

  it('is none in synchronous calls', () => {
    const pair = today();
    expect(pair.firstNow()).to.equal('first');
    expect(pair.secondNow()).to.equal('2<first');
    expect(record(pair, 'firstNow')?.trace).to.deep.equal([]);
  });

  it('that is one is still told', async () => {
    order = 'both';
    expect((await rejection(today().first())).code).to.equal('STOWAGE_CYCLE');
    expect(() => today().firstNow()).to.throw(/is needed to compute itself/);
  });

  it('leaves no result that came of it on disk, since another call would not have met it there', () => {
    const pair = today();
    expect(pair.turning()).to.equal('a circle');
    expect(record(pair, 'guarded')).to.equal(undefined);
    expect(record(pair, 'turning')).to.equal(undefined);
  });
});
