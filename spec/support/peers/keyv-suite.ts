/**
 * What Keyv's published suites expect of vitest, on mocha and chai. vitest's own matchers would be added to the one chai
 * that all specs of this process share.
 */
import type keyvTestSuite from '@keyv/test-suite';
import { expect } from 'chai';
import { afterEach, beforeEach, it } from 'mocha';

/** The matchers that the suites use. */
const matchers = {
  toBe: (actual: unknown, expected: unknown) => Object.is(actual, expected),
  // chai's deep equality knows Buffers and undefined elements as vitest's does.
  toEqual: (actual: unknown, expected: unknown) => isEqual(actual, expected),
  toBeTruthy: (actual: unknown) => Boolean(actual),
  toBeFalsy: (actual: unknown) => !actual,
  toBeNull: (actual: unknown) => actual === null,
  toBeUndefined: (actual: unknown) => actual === undefined,
  toBeDefined: (actual: unknown) => actual !== undefined,
} as const;

function isEqual(actual: unknown, expected: unknown): boolean {
  try {
    expect(actual).to.deep.equal(expected);
    return true;
  } catch {
    return false;
  }
}

/** The `t` of one test. */
class Context {
  made = 0;
  announced: number | undefined;

  readonly expect = Object.assign(
    (actual: unknown) => {
      this.made++;
      return Object.fromEntries(
        Object.entries(matchers).map(([name, matches]) => [
          name,
          (expected?: unknown) => {
            expect(matches(actual, expected), `${String(actual)} ${name} ${String(expected)}`).to.equal(true);
          },
        ]),
      );
    },
    {
      assertions: (count: number) => {
        this.announced = count;
      },
    },
  );
}

/** In the place of the module `vitest`. */
export const suite = {
  it(name: string, test: (context: Context) => unknown): void {
    it(name, async () => {
      const context = new Context();
      await test(context);
      expect(context.made).to.be.above(0);
      if (context.announced !== undefined) expect(context.made).to.equal(context.announced);
    });
  },
  beforeEach,
  afterEach,
} as unknown as Parameters<typeof keyvTestSuite>[0];
