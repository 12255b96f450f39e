/** Runs a sequence on a cached hierarchy and on a plain one, which always computes, and compares every answer. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { accept, clearCache, forget, invalidate, revalidate, setTag, setTmpdir, untag } from 'stowage';
import { dependents } from '#lib/trace/dependents.js';
import { hierarchyOf, type Night, type World } from './hierarchy.js';
import { cameras, type Operation } from './operations.js';

type Outcome = { value: unknown } | { error: string };

async function outcomeOf(call: () => unknown): Promise<Outcome> {
  try {
    return { value: await call() };
  } catch (error) {
    return { error: String(error) };
  }
}

/** @throws Error that says which operation went wrong, and how */
export async function runSequence(folder: string, operations: readonly Operation[]): Promise<void> {
  const files = Array.from({ length: cameras }, (_, at) => join(folder, `frames${at}.txt`));
  const world: World = { files, gains: files.map(() => 1), fast: files.map(() => false) };
  for (const file of files) writeFileSync(file, '3');
  let tag = 'night1';
  let ran: string[] = [];
  let night = start();
  try {
    for (const [at, operation] of operations.entries()) {
      const problem = await perform(operation);
      if (problem !== undefined) throw new Error(`operation ${at}, ${JSON.stringify(operation)}: ${problem}`);
    }
  } finally {
    untag(night);
  }

  function start(): Night {
    const made = hierarchyOf(world, true, (method) => ran.push(method));
    setTmpdir(made, join(folder, 'cache'));
    setTag(made, tag);
    return made;
  }

  function startAgain(isNewProcess: boolean): void {
    untag(night);
    // What one process knows of its results in memory, another does not.
    if (isNewProcess) (dependents as unknown as { links: Map<string, unknown> }).links.clear();
    night = start();
  }

  function partOf(part: 'root' | 'telescope' | 'camera', at: number): object {
    const { telescopes } = night as unknown as { telescopes: object[] };
    return part === 'root' ? night : ((part === 'telescope' ? telescopes[at] : night.cameras[at]) ?? night);
  }

  async function perform(operation: Operation): Promise<string | undefined> {
    switch (operation.kind) {
      case 'call': {
        const { method, n } = operation;
        const args = method === 'counted' ? Array.from({ length: n }, () => undefined) : [n];
        const ask = (asked: Night): Promise<Outcome> =>
          outcomeOf(() => (asked[method] as (...all: unknown[]) => unknown)(...args));
        const right = await ask(hierarchyOf(world, false, () => undefined));
        const first = await ask(night);
        if (!isDeepStrictEqual(first, right))
          return `gave ${JSON.stringify(first)} instead of ${JSON.stringify(right)}`;
        ran = [];
        const second = await ask(night);
        if (!isDeepStrictEqual(second, right)) return `gave ${JSON.stringify(second)} when asked again`;
        if ('value' in right && ran.length > 0) return `computed ${ran.join()} when asked again`;
        if (!operation.fromDisk) return undefined;
        startAgain(true);
        ran = [];
        const third = await ask(night);
        if (!isDeepStrictEqual(third, right)) return `gave ${JSON.stringify(third)} from disk`;
        if ('value' in right && ran.includes(method)) return `computed ${ran.join()} instead of loading it`;
        return undefined;
      }
      case 'gain': {
        const camera = night.cameras[operation.camera];
        if (camera !== undefined) camera.gain = operation.gain;
        world.gains[operation.camera] = operation.gain;
        return undefined;
      }
      case 'file':
        writeFileSync(files[operation.camera] ?? '', operation.text);
        // Memory is not revalidated by itself.
        revalidate(night);
        return undefined;
      case 'invalidate':
        invalidate(partOf(operation.part, operation.at));
        return undefined;
      case 'clear':
        clearCache(partOf(operation.part, operation.at));
        return undefined;
      case 'replace':
        world.fast[operation.camera] = world.fast[operation.camera] !== true;
        startAgain(false);
        return undefined;
      case 'tag':
        ({ tag } = operation);
        setTag(night, tag);
        return undefined;
      case 'forget':
        forget(night);
        return undefined;
      case 'revalidate':
        revalidate(night);
        return undefined;
      case 'accept':
        accept(night);
        return undefined;
      case 'start':
        startAgain(operation.isNewProcess);
        return undefined;
    }
  }
}
