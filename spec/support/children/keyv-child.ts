/** Another process that looks into a cache through Keyv: prints what it finds, and leaves an item of its own. */
import Keyv from 'keyv';
import { FanoutCache, KeyvStore } from 'stowage/kv';

const [directory = ''] = process.argv.slice(2);
using cache = new FanoutCache(directory, { shards: 2, timeout: 60 });
const keyv = new Keyv({ store: new KeyvStore(cache), namespace: 'weather' });
const other = new Keyv({ store: new KeyvStore(cache), namespace: 'other' });
const found: unknown[] = [await keyv.get('night'), await keyv.get('gone'), await other.get('night')];
await keyv.set('left', found.length);
await keyv.delete('removed');
process.stdout.write(JSON.stringify(found));
