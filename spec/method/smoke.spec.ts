import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheOnDisk, clearCache, events, getDiskCacher, setTag, setTmpdir } from 'stowage';
import { temporaryFolder } from '../support/temporary-folder.js';

class Member {
  @cacheOnDisk
  psd(n: number): Float64Array {
    return new Float64Array([n, 2, 3]);
  }
}

class Parent {
  runs = 0;
  foo = new Member();
  @cacheOnDisk
  aMethod(): Float64Array {
    this.runs++;
    return new Float64Array([1, 2, 3]);
  }
  @cacheOnDisk({ version: 2 })
  async later(a: number): Promise<Map<string, number>> {
    await Promise.resolve();
    this.runs++;
    return new Map([['a', a]]);
  }
  @cacheOnDisk
  get table(): { x: number } {
    return { x: 1 };
  }
  @cacheOnDisk({ key: (a: number) => a % 2 })
  keyed(a: number, b?: string): string {
    return `${a}${b}`;
  }
}
class Child extends Parent {
  @cacheOnDisk
  override aMethod(): Float64Array {
    return super.aMethod().map((x) => x * 2);
  }
}

describe('smoke', () => {
  it('works', async () => {
    const dir = temporaryFolder();
    events.on('fault', (e) => { console.log(e); });
    events.on('uncacheable', (e) => { console.log(e); });
    events.on('mutated', (e) => { console.log(e); });
    const root = new Child();
    setTmpdir(root, dir);
    setTag(root, '2024');
    expect([...root.aMethod()]).to.eql([2, 4, 6]);
    expect([...root.aMethod()]).to.eql([2, 4, 6]);
    expect(root.runs).to.equal(1);
    expect([...(await root.later(3))]).to.eql([['a', 3]]);
    expect(root.table).to.eql({ x: 1 });
    root.foo.psd(3);
    expect(getDiskCacher(root, root.aMethod).fullpath()).to.equal(join(dir, 'cache2024', 'root.Child.aMethod'));
    expect(existsSync(join(dir, 'cache2024', 'root.Parent.aMethod.npy'))).to.equal(true);
    const again = new Child();
    setTmpdir(again, dir);
    setTag(again, '2024');
    expect([...again.aMethod()]).to.eql([2, 4, 6]);
    expect([...(await again.later(3))]).to.eql([['a', 3]]);
    expect(again.runs).to.equal(0);
    clearCache(again);
    expect(existsSync(join(dir, 'cache2024'))).to.equal(false);
  });
});
