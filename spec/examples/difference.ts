/** Where a printed text first leaves the documented one. */
export interface Difference {
  /** Index of the documented line, from 0; one past the last where more was printed. */
  line: number;
  message: string;
}

/**
 * Compares what was printed with what is documented, line by line. `…` in a documented line stands for anything
 * within that line. White space at the end of lines and blank lines at the end of the text do not count.
 */
export function difference(printed: string, documented: readonly string[]): Difference | undefined {
  const actual = trimmed(printed.split(/\r?\n/));
  const expected = trimmed(documented);
  for (let line = 0; line < Math.max(actual.length, expected.length); line++) {
    const want = expected[line];
    const got = actual[line];
    if (want !== undefined && got !== undefined && pattern(want).test(got)) continue;
    return { line, message: `${said('documented', want)}, ${said('printed', got)}` };
  }
  return undefined;
}

function said(what: string, line: string | undefined): string {
  return line === undefined ? `nothing more ${what}` : `${what} is ${JSON.stringify(line)}`;
}

function trimmed(lines: readonly string[]): string[] {
  const result = lines.map((line) => line.trimEnd());
  while (result.at(-1) === '') result.pop();
  return result;
}

function pattern(line: string): RegExp {
  const parts = line.split('…').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'u');
}
