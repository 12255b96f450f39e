import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import constantCase from './.ci/eslint/constant-case.js';

/** What dependency-cruiser cannot see: a name imported by one statement and exported by another. */
const noReExport = {
  selector: 'ExportNamedDeclaration[source=null][specifiers.length>0]',
  message: 'Export a name where it is declared; only index.ts files re-export.',
};

/** Bundlers and Jest have another `import.meta` than Node, or none. */
const noMeta = {
  selector: 'MetaProperty[meta.name="import"]',
  message: 'Ask lib/base/packages/home.ts where the code lies.',
};

/** Classes whose instances users hold, and which hide what they hold at run time: no key of a call may look into them. */
const hiding = [
  'lib/key/canonical/plan.ts',
  'lib/kv/cache/{cache,deque,fanout-cache,keyv-store}.ts',
  'lib/manager/{manager,cache/managed-cache}.ts',
];
const noHash = {
  selector: 'PrivateIdentifier',
  message: 'Write private; # is for the classes that eslint.config.js names.',
};
const noPrivate = {
  selector: '[accessibility="private"]',
  message: 'A class that hides something by # hides all by #.',
};

export default defineConfig(
  globalIgnores(['assembly/xxh3.ts', 'dist/', 'build/', 'coverage/', '.ci/runtimes/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' } },
  js.configs.recommended,
  {
    name: 'configuration files',
    files: ['**/*.{js,cjs,mjs}'],
    languageOptions: { globals: { module: 'readonly', require: 'readonly', process: 'readonly', console: 'readonly' } },
  },
  {
    name: 'all TypeScript',
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    // Each file is checked under the tsconfig.json nearest to it, as the editor does.
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      // `void promise` would still end the process when it rejects: say what happens with .catch(…).
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: false }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Under verbatimModuleSyntax `import { type X } from 'p'` still loads p when it runs; `import type` does not.
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // A generic that only names what the caller gets back is how load<T>() and perform<T>() say their result.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // Its advice is `!`, which the strict set forbids.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' },
      ],
    },
  },
  {
    name: 'the library',
    files: ['lib/**/*.{ts,tsx}'],
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      // Code does not log by itself: events say what happened.
      'no-console': 'error',
      // Methods are read from descriptors, so that nothing is triggered, and called with apply.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    name: 'only index.ts files re-export, and private members are private',
    files: ['lib/**/*.{ts,tsx}'],
    ignores: ['**/index.ts', ...hiding],
    rules: { 'no-restricted-syntax': ['error', noReExport, noMeta, noHash] },
  },
  {
    name: 'what is hidden at run time',
    files: hiding,
    rules: { 'no-restricted-syntax': ['error', noReExport, noMeta, noPrivate] },
  },
  {
    name: 'constants are written in UPPER_CASE',
    files: ['lib/**/*.{ts,tsx}'],
    plugins: { stowage: { rules: { 'constant-case': constantCase } } },
    rules: { 'stowage/constant-case': 'error' },
  },
  {
    name: 'specs',
    files: ['spec/**/*.ts'],
    rules: {
      // chai's `expect(x).to.be.true` is an expression that does something.
      'no-unused-expressions': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
);
