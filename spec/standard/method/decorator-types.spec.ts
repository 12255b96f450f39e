/* eslint-disable @typescript-eslint/no-extraneous-class -- classes of statics alone are classes, too */
import { expect } from 'chai';
import { cacheOnDisk } from 'stowage';

describe('the types of @cacheOnDisk as a standard decorator', () => {
  it('refuse fields, auto-accessors, setters and classes, and so does the decorator', () => {
    const definitions = [
      () => {
        class Wrong {
          // @ts-expect-error -- a field
          @cacheOnDisk
          field = 1;
        }
        return Wrong;
      },
      () => {
        class Wrong {
          // @ts-expect-error -- a static field
          @cacheOnDisk({ version: 1 })
          static field = 1;
        }
        return Wrong;
      },
      () => {
        class Wrong {
          // @ts-expect-error -- an auto-accessor
          @cacheOnDisk
          accessor accessor = 1;
        }
        return Wrong;
      },
      () => {
        class Wrong {
          // @ts-expect-error -- a setter
          @cacheOnDisk
          set setter(_: number) {
            expect.fail('not to be run');
          }
        }
        return Wrong;
      },
      () => {
        // @ts-expect-error -- a class
        @cacheOnDisk
        class Wrong {}
        return Wrong;
      },
    ];
    for (const define of definitions) expect(define).to.throw(Error, '@cacheOnDisk stands on');
  });
});
