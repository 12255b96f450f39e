/* eslint-disable @typescript-eslint/no-extraneous-class -- classes of statics alone are classes, too */
/* eslint-disable @typescript-eslint/unbound-method -- getDiskCacher takes methods as they are */
import 'reflect-metadata';
import { expect } from 'chai';
import { cacheOnDisk, getDiskCacher, parameter } from 'stowage';
import { tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** With `reflect-metadata` present, and a decorator of another library on either side. */
function noted(target: object, property: string, descriptor: PropertyDescriptor): void {
  Reflect.defineMetadata('noted', typeof descriptor.value, target, property);
}

class Sky {
  runs = 0;

  @parameter
  band: 'H' | 'K' = 'K';

  @noted
  @cacheOnDisk
  brightness(magnitude: number): Promise<number> {
    this.runs++;
    return Promise.resolve(magnitude);
  }

  @cacheOnDisk
  @noted
  colour(): string {
    this.runs++;
    return this.band;
  }
}

describe('@cacheOnDisk with reflect-metadata', () => {
  it('leaves the metadata of a method as the compiler wrote it', () => {
    const { prototype } = Sky;
    expect(Reflect.getMetadata('design:returntype', prototype, 'brightness')).to.equal(Promise);
    expect(Reflect.getMetadata('design:paramtypes', prototype, 'brightness')).to.eql([Number]);
    expect(Reflect.getMetadata('noted', prototype, 'brightness')).to.equal('function');
    expect(Reflect.getMetadata('noted', prototype, 'colour')).to.equal('function');
    expect(Reflect.getMetadata('design:type', prototype, 'band')).to.equal(String);
  });

  it('computes once, whichever decorator stands above', async () => {
    const dir = temporaryFolder();
    const sky = tagIn(dir, new Sky());
    const again = tagIn(dir, new Sky());
    expect(await sky.brightness(3)).to.equal(3);
    expect(sky.colour()).to.equal('K');
    expect(await again.brightness(3)).to.equal(3);
    expect(again.colour()).to.equal('K');
    expect(sky.runs).to.equal(2);
    expect(again.runs).to.equal(0);
    expect(getDiskCacher(sky, 'colour').fullpath()).to.equal(getDiskCacher(sky, sky.colour).fullpath());
  });
});

describe('the types of @cacheOnDisk as a legacy decorator', () => {
  it('refuse fields, static fields and classes, and so does the decorator', () => {
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
        // @ts-expect-error -- a class
        @cacheOnDisk
        class Wrong {}
        return Wrong;
      },
      () => {
        class Wrong {
          // TypeScript cannot tell a setter from a getter here.
          @cacheOnDisk
          set setter(_: number) {
            expect.fail('not to be run');
          }
        }
        return Wrong;
      },
    ];
    for (const define of definitions) expect(define).to.throw(Error, '@cacheOnDisk stands on');
  });
});
