/**
 * Runs a module in a realm of its own, as Jest does: its classes (Error, Map, Promise…) are others than those of Node's
 * modules, which it shares. Started with `--experimental-vm-modules`, the module's URL and what it is to be told.
 */
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as vm from 'node:vm';

const [, , url = '', ...args] = process.argv;

/** What Jest's environment hands on of this realm; everything else of the language the new one has itself. */
const shared = [
  'process',
  'Buffer',
  'URL',
  'URLSearchParams',
  'TextEncoder',
  'TextDecoder',
  'AbortController',
  'AbortSignal',
  'ReadableStream',
  'WritableStream',
  'setTimeout',
  'clearTimeout',
  'setImmediate',
  'structuredClone',
  'performance',
  'console',
  'Uint8Array',
  'ArrayBuffer',
  'Event',
  'EventTarget',
  'MessageChannel',
  'queueMicrotask',
] as const;

const context = vm.createContext({
  ...Object.fromEntries(shared.map((name) => [name, (globalThis as Record<string, unknown>)[name]])),
  args,
});
vm.runInContext('globalThis.global = globalThis', context);

const modules = new Map<string, Promise<vm.Module>>();

async function builtin(specifier: string): Promise<vm.Module> {
  const exports = (await import(specifier)) as Record<string, unknown>;
  const names = Object.keys(exports);
  return new vm.SyntheticModule(
    names,
    function () {
      for (const name of names) this.setExport(name, exports[name]);
    },
    { context },
  );
}

function source(at: string): vm.Module {
  const initializeImportMeta = (meta: ImportMeta): void => {
    Object.assign(meta, { url: at, resolve: (specifier: string) => import.meta.resolve(specifier) });
  };
  return new vm.SourceTextModule(readFileSync(fileURLToPath(at), 'utf8'), {
    context,
    identifier: at,
    initializeImportMeta,
  });
}

async function moduleAt(specifier: string, referrer: string): Promise<vm.Module> {
  const isBuiltin = specifier.startsWith('node:') || builtinModules.includes(specifier);
  const isPath = /^[./]/.test(specifier);
  const at = isBuiltin ? specifier : isPath ? new URL(specifier, referrer).href : import.meta.resolve(specifier);
  let module = modules.get(at);
  if (module === undefined) {
    module = isBuiltin ? builtin(at) : Promise.resolve(source(at));
    modules.set(at, module);
  }
  return module;
}

const main = await moduleAt(url, pathToFileURL(process.cwd()).href);
await main.link(async (specifier, { identifier }) => moduleAt(specifier, identifier));
await main.evaluate();
