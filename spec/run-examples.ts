/**
 * Runs every example of the README and of docs/, as a reader would who copies it: `npm run check:examples`.
 * A folder given as argument is read in place of the package's own.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { compile } from './examples/compile.js';
import { examplesOf, type Example } from './examples/example.js';
import { execute } from './examples/execute.js';

const packageFolder = resolve(import.meta.dirname, '../..');

function markdownFiles(folder: string): string[] {
  const docs = join(folder, 'docs');
  const inDocs = existsSync(docs) ? readdirSync(docs, { recursive: true, encoding: 'utf8' }) : [];
  return ['README.md', ...inDocs.sort().map((file) => `docs/${file.split(sep).join('/')}`)].filter(
    (file) => file.endsWith('.md') && existsSync(join(folder, file)),
  );
}

async function main(folder: string): Promise<number> {
  const examples: Example[] = [];
  let ignored = 0;
  let failed = 0;
  const fail = (message: string): void => {
    failed++;
    console.log(`✖ ${message}\n`);
  };

  for (const file of markdownFiles(folder)) {
    try {
      const found = examplesOf(file, readFileSync(join(folder, file), 'utf8'));
      examples.push(...found.examples);
      ignored += found.ignored;
    } catch (error) {
      fail(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  // Within the package, so that `import … from 'stowage'` finds the package itself.
  const parent = join(packageFolder, 'build', 'examples');
  mkdirSync(parent, { recursive: true });
  const sources = mkdtempSync(join(parent, 'run-'));
  try {
    for (const compiled of compile(examples, sources, packageFolder)) {
      const { example, errors } = compiled;
      const wrong = errors.length > 0 ? errors.join('\n') : await execute(compiled);
      if (wrong === undefined) console.log(`✔ ${example.file}:${example.line}`);
      else fail(wrong);
    }
  } finally {
    rmSync(sources, { recursive: true, force: true });
  }

  console.log(`${examples.length} examples, ${failed} failed, ${ignored} not run as they ask`);
  if (examples.length === 0) console.log(`No example in ${folder}: README.md and docs/**/*.md were looked at.`);
  return failed === 0 && examples.length > 0 ? 0 : 1;
}

process.exitCode = await main(resolve(process.argv[2] ?? packageFolder));
