import { expect } from 'chai';
import { flowOf, runNow } from '#lib/base/run/flow.js';
import { changeIn, type Sight } from '#lib/method/call/follow-trace.js';
import type { EntryRecord } from '#lib/store/record/record.js';
import type { Traced, TracedCall } from '#lib/store/record/traced.js';
import { dependents } from '#lib/trace/dependents.js';
import { Verdicts } from '#lib/trace/frame.js';

const call = (method: string): TracedCall => ({
  call: { prefix: '', tag: 'followed', instance: 'root', rootClass: 'Root', method },
  digest: method,
  generation: 0,
});
const file = (name: string): Traced => ({ file: name, bytes: 0, mtimeNs: '0', checksum: 'then' });
const recordOf = (trace: Traced[]): EntryRecord => ({ trace }) as unknown as EntryRecord;

describe('following a trace', () => {
  /** What each result was made of. */
  let made: Record<string, Traced[]>;
  /** Files that are not what they were. */
  let changed: string[];
  /** What was looked at, in order. */
  let looks: string[];
  let onLook: (name: string) => void;

  const look = (name: string): void => {
    looks.push(name);
    onLook(name);
  };
  const sight: Sight = {
    tmpdir: '/data',
    scope: 'scope',
    from: () => sight,
    lookAt: ({ call: { method } }) =>
      flowOf(() => {
        look(method);
        return {
          record: recordOf(made[method] ?? []),
          settle: (change) =>
            flowOf(() => (change === undefined ? { digest: method, generation: 0 } : { stale: change })),
        };
      }),
    changeOf(item) {
      const name = 'file' in item ? item.file : '';
      look(name);
      return changed.includes(name) ? `${name} changed` : undefined;
    },
    changeOfCall: ({ call: { method } }, verdict) => ('stale' in verdict ? `${method} < ${verdict.stale}` : undefined),
  };
  const follow = (...trace: Traced[]): string | undefined => runNow(changeIn(recordOf(trace), sight, new Verdicts()));

  beforeEach(() => {
    made = {};
    changed = [];
    looks = [];
    onLook = () => undefined;
  });

  it('goes in the recorded order, and to the end of each upstream result before the next', () => {
    made = { a: [file('x'), call('b')], b: [file('y')] };
    expect(follow(call('a'), file('z'))).to.equal(undefined);
    expect(looks).to.deep.equal(['a', 'x', 'b', 'y', 'z']);
  });

  it('stops at the first change, and says the way to it', () => {
    made = { a: [call('b'), file('z')], b: [file('x'), file('y')] };
    changed = ['x'];
    expect(follow(call('a'), call('c'))).to.equal('a < b < x changed');
    expect(looks).to.deep.equal(['a', 'b', 'x']);
  });

  it('looks at each result once, however many were made of it', () => {
    made = { a: [call('c')], b: [call('c')], c: [file('x')] };
    follow(call('a'), call('b'), call('c'));
    expect(looks).to.deep.equal(['a', 'c', 'x', 'b']);
  });

  it('trusts nothing that is made of itself', () => {
    made = { a: [call('b')], b: [call('a')] };
    expect(follow(call('a'))).to.equal('a < b < a < it is made of itself');
  });

  it('is as deep as it takes', () => {
    const depth = 20_000;
    for (let i = 0; i < depth; i++) made[`m${i}`] = [call(`m${i + 1}`)];
    made[`m${depth}`] = [file('x')];
    expect(follow(call('m0'))).to.equal(undefined);
    expect(looks).to.have.length(depth + 2);
  });

  it('begins anew where something changed that had been looked at already', () => {
    onLook = (name) => {
      if (name !== 'y' || changed.length > 0) return;
      changed = ['x'];
      dependents.drop('file /data/x', 'now');
    };
    expect(follow(file('x'), file('y'))).to.equal('x changed');
    expect(looks).to.deep.equal(['x', 'y', 'x']);
  });

  it('gives up on what changes all the time', () => {
    onLook = (name) => {
      dependents.drop(`file /data/${name}`, 'now');
    };
    expect(follow(file('x'))).to.equal('what it was made of changes all the time');
    expect(looks).to.have.length(8);
  });
});
