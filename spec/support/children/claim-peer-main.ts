/** What a {@link Peer} runs. */
import { parentPort } from 'node:worker_threads';
import { configure, events, setTag, setTmpdir, type StowageEvent } from 'stowage';
import { Night, Stage } from '../analyses/claim-night.js';
import type { Answer, Request } from './claim-peer.js';

const send = (message: { ready?: true; answer?: Answer }): void => {
  if (parentPort !== null) parentPort.postMessage(message);
  else process.send?.(message);
};

async function answer(request: Request): Promise<Answer> {
  const stage = new Stage(request.stage);
  const told: string[] = [];
  const listen = (event: StowageEvent): void => {
    told.push(`${event.type}: ${event.reason ?? ''}`);
    if (event.type === 'wait' && request.waits !== undefined) stage.open(request.waits);
  };
  const types = ['hit', 'miss', 'store', 'wait', 'fault'] as const;
  for (const type of types) events.on(type, listen);
  configure({ claimWait: request.claimWait ?? 600 });
  const night = new Night(request.stage);
  setTag(night, request.tag);
  setTmpdir(night, request.tmpdir);
  if (request.begins !== undefined) stage.open(request.begins);
  const cpu = process.cpuUsage();
  const start = performance.now();
  const result: Pick<Answer, 'value' | 'error'> = {};
  try {
    result.value = await (night[request.method] as (argument?: number) => unknown).apply(
      night,
      request.argument === undefined ? [] : [request.argument],
    );
  } catch (error) {
    const { name, message } = error as Error;
    result.error = { name, message };
  }
  const used = process.cpuUsage(cpu);
  const seconds = (performance.now() - start) / 1000;
  for (const type of types) events.off(type, listen);
  return { ...result, events: told, seconds, cpu: (used.user + used.system) / 1e6 };
}

function listen(request: Request): void {
  answer(request).then(
    (result) => {
      send({ answer: result });
    },
    (error: unknown) => {
      throw error;
    },
  );
}

if (parentPort !== null) parentPort.on('message', listen);
else {
  process.on('message', listen);
  // The spec that started it may be broken off.
  process.on('disconnect', () => process.exit());
}
send({ ready: true });
