/** One source, built by each tool that people use. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transformSync as babel } from '@babel/core';
import { transformSync as swc } from '@swc/core';
import { transformSync as esbuild } from 'esbuild';
import ts from 'typescript';

/** A method with a bit of everything, and what it reaches. */
export const sources: Readonly<Record<string, string>> = {
  helper: `export const K = 5;
export function scale(x: number): number { return x * K; }
`,
  base: `import { K } from './helper.js';
export const deep = (o: object): number => Object.keys(o).length + K;
export default class Base { base(): number { return 1; } }
`,
  camera: `import { scale, K as KK } from './helper.js';
import * as ns from './helper.js';
import Base, { deep } from './base.js';
const GAIN = 3;
const config = { gain: 3, name: 'x' };
export class Camera extends Base {
  #secret = 4;
  pixels: number[] = [1, 2, 3];
  flux(threshold: number = 2, { a, b = 1 }: { a?: number; b?: number } = {}): number {
    // a comment
    let total = 0;
    outer: for (const pixel of this.pixels) { if (pixel < threshold) continue outer; total += scale(pixel) * GAIN * (ns.scale(2)) + KK; }
    const inner = (x: number): number => x ** 2;
    function nested(y: number): number { return y + 1; }
    class Local { z = 1; get(): number { return this.z!; } }
    const { gain, ...rest } = config;
    return this.#helper(total) + inner(total) + nested(1_000) + new Local().get() + gain + deep(rest as object) + this.#secret
      + \`abc\`.length + "it's".length + 'say "no"'.length + (config?.name ?? 'u').length + (a ?? b) + (gain === undefined ? 0x10 : 1e3);
  }
  #helper(x: number): number { return x + super.base() + helpful(x, -1); }
}
const helpful = function named(x: number, depth: number): number { return depth < 0 ? x : named(x, depth - 1); };
`,
};

type Build = (source: string, name: string) => string;

const typescript =
  (module: ts.ModuleKind): Build =>
  (source) =>
    ts.transpileModule(source, { compilerOptions: { target: ts.ScriptTarget.ES2022, module, removeComments: false } })
      .outputText;

const swcTo =
  (type: 'es6' | 'commonjs'): Build =>
  (source) =>
    swc(source, { swcrc: false, module: { type }, jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }).code;

const esbuildTo =
  (options: object): Build =>
  (source) =>
    esbuild(source, { loader: 'ts', target: 'es2022', ...options }).code;

const babelTo =
  (plugins: string[]): Build =>
  (source, name) =>
    babel(source, {
      filename: `${name}.ts`,
      configFile: false,
      babelrc: false,
      presets: ['@babel/preset-typescript'],
      plugins,
    })?.code ?? '';

const builds: Readonly<Record<string, { type: 'module' | 'commonjs'; build: Build }>> = {
  'tsc, ES modules': { type: 'module', build: typescript(ts.ModuleKind.ESNext) },
  'tsc, CommonJS': { type: 'commonjs', build: typescript(ts.ModuleKind.CommonJS) },
  'swc, ES modules': { type: 'module', build: swcTo('es6') },
  'swc, CommonJS': { type: 'commonjs', build: swcTo('commonjs') },
  'esbuild, ES modules': { type: 'module', build: esbuildTo({ format: 'esm' }) },
  'esbuild, CommonJS': { type: 'commonjs', build: esbuildTo({ format: 'cjs' }) },
  'esbuild with names kept': { type: 'module', build: esbuildTo({ format: 'esm', keepNames: true }) },
  'esbuild with minified names': {
    type: 'commonjs',
    build: esbuildTo({ format: 'cjs', minifyIdentifiers: true, minifyWhitespace: true }),
  },
  'Babel, ES modules': { type: 'module', build: babelTo([]) },
  'Babel, CommonJS': { type: 'commonjs', build: babelTo(['@babel/plugin-transform-modules-commonjs']) },
};

export const tools = Object.keys(builds);

const reader = `
import { CodeReader } from ${JSON.stringify(pathToFileURL(createRequire(import.meta.url).resolve('#lib/code/code-reader.js')).href)};
const { Camera } = await import(process.argv[2]);
process.stdout.write(JSON.stringify(new CodeReader().codeOf(Camera.prototype.flux, Camera.prototype)));
`;

/** Writes what a tool makes of the sources into a folder, and gives the file to import. */
export function build(tool: string, folder: string): string {
  const chosen = builds[tool];
  if (chosen === undefined) throw new Error(`no tool is called ${tool}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: chosen.type }));
  for (const [name, source] of Object.entries(sources))
    writeFileSync(join(folder, `${name}.js`), chosen.build(source, name));
  return pathToFileURL(join(folder, 'camera.js')).href;
}

/** Runs the sources without building them first, and gives the code of the method as JSON. */
export function runUnbuilt(folder: string, node: string, options: readonly string[], extension: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  for (const [name, source] of Object.entries(sources)) {
    writeFileSync(join(folder, `${name}.ts`), source.replaceAll(".js'", `.${extension}'`));
  }
  writeFileSync(join(folder, 'read.mjs'), reader);
  const project = fileURLToPath(new URL('../../..', import.meta.url));
  return execFileSync(node, [...options, join(folder, 'read.mjs'), join(folder, 'camera.ts')], {
    cwd: project,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
