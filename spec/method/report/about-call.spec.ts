/* eslint-disable @typescript-eslint/unbound-method -- a method names a call */
import { expectTypeOf } from 'expect-type';
import {
  cacheOnDisk,
  dependsOn,
  explain,
  invalidate,
  peek,
  record,
  type EntryRecord,
  type Explanation,
  type MemberName,
} from '#lib/index.js';

class Camera {
  exposure = 1;

  @cacheOnDisk()
  image(side: number, _options?: { dark: boolean }): Float32Array {
    return new Float32Array(side);
  }

  @cacheOnDisk()
  async later(tag: string): Promise<Map<string, number>> {
    return Promise.resolve(new Map([[tag, 1]]));
  }

  @cacheOnDisk()
  get pupil(): Uint8Array {
    return new Uint8Array(this.exposure);
  }

  @cacheOnDisk({ key: (side) => side })
  same<T>(side: T): T {
    return side;
  }

  @cacheOnDisk()
  static create(side: number): string {
    return String(side);
  }

  @cacheOnDisk()
  protected hidden(side: number): number {
    return side;
  }

  inside(): void {
    explain(this, 'image', 3);
    explain(this, 'pupil');
    expectTypeOf(peek(this, this.hidden, 3)).toEqualTypeOf<number | undefined>();
    // @ts-expect-error the argument is a number
    explain(this, 'image', 'three');
    // @ts-expect-error an argument is missing
    explain(this, 'image');
  }
}

/** Looked at by the compiler alone. */
function check(camera: Camera, name: string, something: object): void {
  expectTypeOf<MemberName<Camera>>().toEqualTypeOf<'image' | 'later' | 'pupil' | 'same' | 'inside'>();

  expectTypeOf(explain(camera, 'image', 3)).toEqualTypeOf<Explanation>();
  expectTypeOf(record(camera, 'image', 3, { dark: true })).toEqualTypeOf<EntryRecord | undefined>();
  expectTypeOf(peek(camera, 'image', 3)).toEqualTypeOf<Float32Array | undefined>();
  expectTypeOf(peek(camera, camera.image, 3)).toEqualTypeOf<Float32Array | undefined>();
  expectTypeOf(peek(camera, 'later', 'a')).toEqualTypeOf<Map<string, number> | undefined>();
  expectTypeOf(peek(camera, 'pupil')).toEqualTypeOf<Uint8Array | undefined>();
  expectTypeOf(peek(Camera, 'create', 3)).toEqualTypeOf<string | undefined>();
  expectTypeOf(peek(camera, name, 1, 'two')).toEqualTypeOf<unknown>();
  expectTypeOf(peek(something, 'image', 3)).toEqualTypeOf<unknown>();
  invalidate(camera);
  invalidate(camera, 'image');
  invalidate(camera, camera.image);
  invalidate(camera, 'image', 3);
  dependsOn(camera, 'pupil');

  // @ts-expect-error there is no such member
  explain(camera, 'imgae', 3);
  // @ts-expect-error the argument is a number
  peek(camera, 'image', 'three');
  // @ts-expect-error an argument is missing
  record(camera, 'image');
  // @ts-expect-error the argument is a number
  invalidate(camera, camera.image, 'three');
  // @ts-expect-error the argument is a number
  invalidate(camera, 'image', 'three');
}

describe('verbs about a call', () => {
  it('complete the members, check the arguments, and know the value', () => {
    expectTypeOf(check).toBeFunction();
    expectTypeOf<Camera>().toHaveProperty('inside');
  });
});
