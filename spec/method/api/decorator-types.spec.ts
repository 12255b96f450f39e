/* eslint-disable @typescript-eslint/class-literal-property-style -- getters are what is looked at */
import { expect } from 'chai';
import { cacheOnDisk } from 'stowage';

/** What compiles and what does not: `tsc` fails where an expected error is missing. */
describe('the types of @cacheOnDisk', () => {
  it('take every shape of method and getter', () => {
    class Fine {
      @cacheOnDisk
      bare(): number {
        return 1;
      }

      @cacheOnDisk
      generic<T extends object>(value: T, more?: T): T[] {
        return more === undefined ? [value] : [value, more];
      }

      @cacheOnDisk({ version: 1 })
      genericWithOptions<T>(value: T): T {
        return value;
      }

      @cacheOnDisk
      optional(a?: number, ...rest: string[]): string {
        return [a, ...rest].join();
      }

      @cacheOnDisk
      async later(a: number): Promise<number> {
        return Promise.resolve(a);
      }

      overloaded(a: number): number;
      overloaded(a: string): string;
      @cacheOnDisk
      overloaded(a: number | string): number | string {
        return a;
      }

      @cacheOnDisk
      get getter(): number {
        return 1;
      }

      @cacheOnDisk({ lifetime: { hours: 1 }, refresh: () => false })
      get getterWithOptions(): readonly string[] {
        return [];
      }

      @cacheOnDisk
      static ofClass(a: number): number {
        return a;
      }

      @cacheOnDisk({ key: (a: number) => a % 2, refresh: (a: number) => a > 0 })
      keyed(a: number, b: string, c: boolean): string {
        return `${a}${b}${String(c)}`;
      }

      @cacheOnDisk({ key: (a?: number) => a ?? 0 })
      keyedOptional(a?: number): number {
        return a ?? 0;
      }

      @cacheOnDisk({ key: (...args: unknown[]) => args.length })
      keyedByAll(a: number, b: string): string {
        return `${a}${b}`;
      }

      @cacheOnDisk({ key: (a: number | string) => a })
      keyedWide(a: number): number {
        return a;
      }
    }
    const fine = new Fine();
    // The types of the methods are what they were.
    const generic: Date[] = fine.generic(new Date(0), new Date(1));
    const text: string = fine.overloaded('a');
    expect(generic.length).to.equal(2);
    expect(text).to.equal('a');
  });

  it('refuse a key or refresh that cannot take the arguments of the method', () => {
    class Wrong {
      // @ts-expect-error -- a is a string
      @cacheOnDisk({ key: (a: number) => a })
      keyed(a: string): string {
        return a;
      }

      // @ts-expect-error -- a may be absent
      @cacheOnDisk({ key: (a: number) => a })
      optional(a?: number): number {
        return a ?? 0;
      }

      // @ts-expect-error -- a may be a string
      @cacheOnDisk({ refresh: (a: number) => a > 0 })
      union(a: number | string): string {
        return String(a);
      }
    }
    expect(new Wrong().keyed('a')).to.equal('a');
  });

  it('refuse options that are not what they must be', () => {
    const wrong = [
      // @ts-expect-error -- no such option
      () => cacheOnDisk({ lifetimes: 3 }),
      // @ts-expect-error -- seconds, or a duration object
      () => cacheOnDisk({ lifetime: '3' }),
      // @ts-expect-error -- one of three policies
      () => cacheOnDisk({ mutation: 'clone' }),
      // @ts-expect-error -- 'key' or 'ignore'
      () => cacheOnDisk({ ignore: false }),
      // @ts-expect-error -- must answer with a boolean
      () => cacheOnDisk({ refresh: () => 1 }),
      // @ts-expect-error -- a function
      () => cacheOnDisk({ key: 'a' }),
    ];
    expect(wrong).to.have.length(6);
  });
});
