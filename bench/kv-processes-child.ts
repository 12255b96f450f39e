/** One of the processes of `kv-processes`: opens the cache that it is told, then makes calls when it is told. */
import { Cache, type EvictionPolicy } from 'stowage/kv';
import { KEYS, VALUE } from './kv-calls.js';

type Message = { directory: string; evictionPolicy: EvictionPolicy } | { calls: number };

let cache: Cache | undefined;

process.on('message', (message: Message) => {
  if ('directory' in message) {
    cache?.close();
    cache = new Cache(message.directory);
    cache.get(0);
  } else {
    for (let i = 0; i < message.calls; i++) {
      const key = (i - (i % 2)) % KEYS;
      if (i % 2 === 0) cache?.set(key, VALUE, { retry: true });
      else cache?.get(key, undefined, { retry: true });
    }
  }
  process.send?.('done');
});
process.on('disconnect', () => process.exit());
