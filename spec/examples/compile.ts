import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import type { Decorators, Example } from './example.js';

/** An example on its way: where its source and its JavaScript stand, and what the compiler has against it. */
export interface Compiled {
  example: Example;
  source: string;
  script: string;
  /** `README.md:14: Property 'x' does not exist …`, with the line of the Markdown file. */
  errors: string[];
}

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  moduleDetection: ts.ModuleDetectionKind.Force,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
  types: ['node'],
  strict: true,
  skipLibCheck: true,
  sourceMap: true,
};

const decoratorOptions: Record<Decorators, ts.CompilerOptions> = {
  standard: { experimentalDecorators: false },
  legacy: { experimentalDecorators: true, emitDecoratorMetadata: true },
};

/**
 * Type-checks and compiles all examples, in one run of the compiler for each kind of decorators.
 *
 * @param folder where sources and scripts are written; it stands inside the package, so that an example imports the
 * package by its name
 */
export function compile(examples: readonly Example[], folder: string, packageFolder: string): Compiled[] {
  return (['standard', 'legacy'] as const).flatMap((decorators) => {
    const mine = examples.filter((example) => example.decorators === decorators);
    return mine.length > 0 ? compileKind(mine, decorators, join(folder, decorators), packageFolder) : [];
  });
}

function compileKind(mine: Example[], decorators: Decorators, folder: string, packageFolder: string): Compiled[] {
  mkdirSync(folder, { recursive: true });
  const compiled = mine.map((example, index) => {
    const base = join(folder, `${index}-${example.file.replaceAll(/[^\w.]/g, '-')}`);
    // Blank lines before the code make its line numbers those of the Markdown file, in every message and stack.
    writeFileSync(`${base}.ts`, '\n'.repeat(example.line - 1) + example.code.join('\n') + '\n');
    return { example, source: `${base}.ts`, script: `${base}.js`, errors: [] as string[] };
  });
  const program = ts.createProgram(
    compiled.map(({ source }) => source),
    {
      ...options,
      ...decoratorOptions[decorators],
      typeRoots: [join(packageFolder, 'node_modules', '@types')],
      rootDir: folder,
      outDir: folder,
    },
  );
  const emitted = program.emit();
  for (const diagnostic of [...ts.getPreEmitDiagnostics(program), ...emitted.diagnostics]) report(diagnostic, compiled);
  return compiled;
}

/** Gives the message to its example; one that belongs to no example, such as a wrong option, is everybody's. */
function report(diagnostic: ts.Diagnostic, compiled: Compiled[]): void {
  const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n');
  const { file, start } = diagnostic;
  const owner = compiled.find(({ source }) => source === file?.fileName);
  if (owner && file && start !== undefined) {
    owner.errors.push(`${owner.example.file}:${file.getLineAndCharacterOfPosition(start).line + 1}: ${message}`);
    return;
  }
  for (const each of compiled) each.errors.push(file ? `${file.fileName}: ${message}` : message);
}
