import { fences } from './fences.js';

/** How an example is compiled: TC39's decorators, or TypeScript's legacy ones with their metadata. */
export type Decorators = 'standard' | 'legacy';

/** One block of TypeScript that a reader may copy and run. */
export interface Example {
  /** The Markdown file, as it is reported. */
  file: string;
  /** Line of its first line of code, counted from 1. */
  line: number;
  code: string[];
  decorators: Decorators;
  /** What it prints, where a `text` block says so. */
  output?: { line: number; content: string[] };
}

/** The examples of one Markdown file, and how many blocks ask not to be run. */
export interface Examples {
  examples: Example[];
  ignored: number;
}

/**
 * Reads the `ts` blocks of a Markdown text. Words behind `ts` say more: `ignore` (not run), `legacy` or `standard`
 * (decorators; standard is the default). A `text` block with nothing but blank lines before it is what the example
 * prints.
 *
 * @throws Error where a word is not one of these, so that a misspelt one does not change what is tested
 */
export function examplesOf(file: string, text: string): Examples {
  const examples: Example[] = [];
  let ignored = 0;
  let previous: Example | undefined;
  for (const { info, line, content, followsFence } of fences(text)) {
    const [language = '', ...words] = info.split(/\s+/);
    if (language === 'text' && followsFence && previous) previous.output = { line, content };
    previous = undefined;
    if (language === 'typescript') throw new Error(`line ${line - 1}: write \`ts\` for a block of TypeScript`);
    if (language !== 'ts') continue;
    const unknown = words.find((word) => !['ignore', 'legacy', 'standard'].includes(word));
    if (unknown !== undefined) throw new Error(`line ${line - 1}: no such word behind \`ts\`: ${unknown}`);
    if (words.includes('ignore')) {
      ignored++;
      continue;
    }
    previous = { file, line, code: content, decorators: words.includes('legacy') ? 'legacy' : 'standard' };
    examples.push(previous);
  }
  return { examples, ignored };
}
