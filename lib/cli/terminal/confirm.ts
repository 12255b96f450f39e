/** Asking before something is removed. */
import { createInterface } from 'node:readline/promises';
import { UsageError } from './errors.js';
import type { Terminal } from './terminal.js';

/** @throws UsageError where there is no terminal to ask on, and no `--yes` */
export async function confirm(question: string, isYes: boolean, { io }: Terminal): Promise<boolean> {
  if (isYes) return true;
  if (io.stdin.isTTY !== true)
    throw new UsageError(
      `${question} Nobody can be asked without a terminal: add --yes, or --dry-run to see what would go`,
    );
  const lines = createInterface({ input: io.stdin, output: io.stderr as NodeJS.WritableStream });
  // Ctrl-C, Ctrl-D, and a terminal that goes away: none of them is a yes.
  const end = new AbortController();
  lines.once('close', () => {
    end.abort();
  });
  try {
    return /^y(?:es)?$/i.test((await lines.question(`${question} [y/N] `, { signal: end.signal })).trim());
  } catch (error) {
    if (end.signal.aborted) return false;
    throw error;
  } finally {
    lines.close();
  }
}
