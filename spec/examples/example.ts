import { fences } from './fences.js';

/** How an example is compiled: TC39's decorators, or TypeScript's legacy ones with their metadata. */
export type Decorators = 'standard' | 'legacy';

/** A block that a reader may run. */
export interface Block {
  /** Line of its first line of code, counted from 1. */
  line: number;
  code: string[];
  /** What it prints, where a `text` block says so. */
  output?: { line: number; content: string[] };
}

/** What is done with the files of an example: from a shell, or from Python. */
export interface Step extends Block {
  language: 'sh' | 'py';
}

/** One block of TypeScript that a reader may copy and run. */
export interface Example extends Block {
  /** The Markdown file, as it is reported. */
  file: string;
  decorators: Decorators;
  /** What runs after it, in the same folders. */
  steps: Step[];
}

/** The examples of one Markdown file, and how many blocks ask not to be run. */
export interface Examples {
  examples: Example[];
  ignored: number;
}

/** The words that a block may have behind its language. */
const wordsOf: Record<string, readonly string[]> = { ts: ['ignore', 'legacy', 'standard'], sh: ['run'], py: ['run'] };

/**
 * Reads the `ts` blocks of a Markdown text. Words behind `ts` say more: `ignore` (not run), `legacy` or `standard`
 * (decorators; standard is the default). `sh run` and `py run` are run after the `ts` block before them, with its files.
 * A `text` block with nothing but blank lines before it is what the block prints.
 *
 * @throws Error where a word is not one of these, so that a misspelt one does not change what is tested
 */
export function examplesOf(file: string, text: string): Examples {
  const examples: Example[] = [];
  let ignored = 0;
  let previous: Block | undefined;
  for (const { info, line, content, followsFence } of fences(text)) {
    const [language = '', ...words] = info.split(/\s+/);
    if (language === 'text' && followsFence && previous) previous.output = { line, content };
    previous = undefined;
    if (language === 'typescript') throw new Error(`line ${line - 1}: write \`ts\` for a block of TypeScript`);
    const unknown = words.find((word) => wordsOf[language]?.includes(word) === false);
    if (unknown !== undefined) throw new Error(`line ${line - 1}: no such word behind \`${language}\`: ${unknown}`);
    if (words.includes('ignore')) {
      ignored++;
    } else if (language === 'ts') {
      const decorators = words.includes('legacy') ? 'legacy' : 'standard';
      const example: Example = { file, line, code: content, decorators, steps: [] };
      examples.push(example);
      previous = example;
    } else if ((language === 'sh' || language === 'py') && words.includes('run')) {
      const example = examples.at(-1);
      if (!example) throw new Error(`line ${line - 1}: \`${language} run\` has no \`ts\` block before it`);
      const step: Step = { language, line, code: content };
      example.steps.push(step);
      previous = step;
    }
  }
  return { examples, ignored };
}
