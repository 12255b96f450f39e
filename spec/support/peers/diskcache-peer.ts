/** python-diskcache at the other end of a line: it runs sequences of operations, and compares folders table by table. */

/** Values that both sides have, as Python source; keys and values are chosen by their index. See differential.ts for ours. */
const PYTHON_POOL = [
  "'a'",
  "'b'",
  "'é\\U0001f52d'",
  '0',
  '1',
  '-7',
  '2 ** 40',
  '2 ** 63 - 1',
  '1.5',
  '-0.25',
  "b'bytes'",
  "b''",
  'None',
  'True',
  "('t', 1)",
  "('t', 2.5)",
  "'x' * 600",
  "b'y' * 700",
  "'z' * 70000",
  "b'w' * 66000",
  '[1, [2.5, None]]',
  "{'k': 'v'}",
  '2 ** 70',
  "''",
  "float('inf')",
];

export const DISKCACHE_PEER = `
import json, os, shutil, sqlite3, struct, sys, time, warnings, pickle, tempfile, zlib
import diskcache
from diskcache import Cache, Deque, FanoutCache, Index, JSONDisk, Disk
from diskcache.core import ENOVAL
warnings.simplefilter('ignore')
POOL = [${PYTHON_POOL.join(', ')}]
clock = [0.0]
time.time = lambda: clock[0]

class Taken(Exception): pass

def say(value):
    if value is None: return ['n']
    if value is ENOVAL: return ['none']
    if type(value) is bool: return ['b', value]
    if type(value) is int: return ['i', str(value)]
    if type(value) is float:
        if value.is_integer() and abs(value) < 2 ** 53 and not (value == 0 and str(value) == '-0.0'): return ['i', str(int(value))]
        return ['f', struct.pack('>d', value).hex()]
    if type(value) is str: return ['s', value]
    if type(value) is bytes: return ['y', value.hex()]
    if type(value) in (list, tuple): return ['l', [say(item) for item in value]]
    if type(value) is dict: return ['d', [[say(key), say(item)] for key, item in value.items()]]
    return ['?', repr(value)]

def stat(cache, enable, reset): return list(cache.stats(enable=enable, reset=reset))

COMMON = {
    'set': lambda c, k, v, expire, tag: say(c.set(POOL[k], POOL[v], expire=expire, tag=tag)),
    'add': lambda c, k, v, expire, tag: say(c.add(POOL[k], POOL[v], expire=expire, tag=tag)),
    'get': lambda c, k: say(c.get(POOL[k], default=ENOVAL)),
    'getItem': lambda c, k: [say(part) for part in c.get(POOL[k], default=ENOVAL, expire_time=True, tag=True)],
    'has': lambda c, k: say(POOL[k] in c),
    'delete': lambda c, k: say(c.delete(POOL[k])),
    'pop': lambda c, k: say(c.pop(POOL[k], default=ENOVAL)),
    'popItem': lambda c, k: [say(part) for part in c.pop(POOL[k], default=ENOVAL, expire_time=True, tag=True)],
    'touch': lambda c, k, expire: say(c.touch(POOL[k], expire=expire)),
    'incr': lambda c, k, delta, default: say(c.incr(POOL[k], delta, default)),
    'decr': lambda c, k, delta, default: say(c.decr(POOL[k], delta, default)),
    'keys': lambda c: [say(key) for key in c],
    'reversed': lambda c: [say(key) for key in reversed(c)],
    'size': lambda c: len(c),
    'expire': lambda c: c.expire(),
    'evict': lambda c, tag: c.evict(tag),
    'clear': lambda c: c.clear(),
    'cull': lambda c: c.cull(),
    'stats': stat,
    'volume': lambda c: c.volume(),
    'check': lambda c: len(c.check()),
}
def queued(method):
    def take(c, prefix, side):
        found, expire_time, tag = getattr(c, method)(prefix=prefix, side=side, default=(ENOVAL, ENOVAL), expire_time=True, tag=True)
        return [say(found[0]), say(found[1]), say(expire_time), say(tag)]
    return take
def peekitem(c, last):
    try:
        (key, value), expire_time, tag = c.peekitem(last=last, expire_time=True, tag=True)
    except KeyError:
        return say(ENOVAL)
    return [say(key), say(value), say(expire_time), say(tag)]
CACHE = dict(COMMON,
    push=lambda c, v, prefix, side, expire, tag: say(c.push(POOL[v], prefix=prefix, side=side, expire=expire, tag=tag)),
    pull=queued('pull'), peek=queued('peek'), peekItem=peekitem,
    sorted=lambda c: [say(key) for key in c.iterkeys()],
    sortedBack=lambda c: [say(key) for key in c.iterkeys(reverse=True)],
    cullLimit=lambda c, n: say(c.reset('cull_limit', n)),
    tagIndex=lambda c, on: say(c.create_tag_index() if on else c.drop_tag_index()),
)
def orNone(errors, do):
    try: return say(do())
    except errors: return say(ENOVAL)
def setAt(d, i, v): d[i] = POOL[v]
def deleteAt(d, i): del d[i]
def ofDeque(do):
    def done(d, *args):
        try:
            do(d, *args)
            return True
        except (IndexError, ValueError): return False
    return done
DEQUE = {
    'append': lambda d, v: say(d.append(POOL[v])),
    'appendLeft': lambda d, v: say(d.appendleft(POOL[v])),
    'extend': lambda d, vs: say(d.extend([POOL[v] for v in vs])),
    'extendLeft': lambda d, vs: say(d.extendleft([POOL[v] for v in vs])),
    'pop': lambda d: orNone(IndexError, d.pop), 'popLeft': lambda d: orNone(IndexError, d.popleft),
    'peek': lambda d: orNone(IndexError, d.peek), 'peekLeft': lambda d: orNone(IndexError, d.peekleft),
    'at': lambda d, i: orNone(IndexError, lambda: d[i]),
    'setAt': ofDeque(setAt), 'deleteAt': ofDeque(deleteAt),
    'remove': ofDeque(lambda d, v: d.remove(POOL[v])),
    'count': lambda d, v: d.count(POOL[v]),
    'rotate': lambda d, n: say(d.rotate(n)), 'reverse': lambda d: say(d.reverse()),
    'items': lambda d: [say(v) for v in d], 'reversed': lambda d: [say(v) for v in reversed(d)],
    'size': lambda d: len(d), 'clear': lambda d: say(d.clear()),
}
def hasDeleted(i, k):
    try:
        del i[POOL[k]]
        return True
    except KeyError: return False
def setIndex(i, k, v): i[POOL[k]] = POOL[v]
def pulled(i, prefix, side):
    return [say(part) for part in i.pull(prefix=prefix, side=side, default=(ENOVAL, ENOVAL))]
INDEX = {
    'set': lambda i, k, v: say(setIndex(i, k, v)),
    'get': lambda i, k: say(i.get(POOL[k], ENOVAL)),
    'has': lambda i, k: POOL[k] in i,
    'delete': hasDeleted,
    'setDefault': lambda i, k, v: say(i.setdefault(POOL[k], POOL[v])),
    'pop': lambda i, k: orNone(KeyError, lambda: i.pop(POOL[k])),
    'popItem': lambda i, last: orNone(KeyError, lambda: i.popitem(last=last)),
    'peekItem': lambda i, last: orNone(KeyError, lambda: i.peekitem(last=last)),
    'push': lambda i, v, prefix, side: say(i.push(POOL[v], prefix=prefix, side=side)),
    'pull': pulled,
    'keys': lambda i: [say(k) for k in i], 'items': lambda i: [say(kv) for kv in i.items()],
    'reversed': lambda i: [say(k) for k in reversed(i)],
    'size': lambda i: len(i), 'clear': lambda i: say(i.clear()),
}
TABLES = {'cache': CACHE, 'fanout': COMMON, 'deque': DEQUE, 'index': INDEX}

def make(kind, folder, settings):
    disk = {'disk': JSONDisk, 'disk_compress_level': 1} if settings.pop('json', False) else {}
    if kind == 'cache': return Cache(folder, **settings, **disk)
    if kind == 'fanout': return FanoutCache(folder, **settings, **disk)
    if kind == 'deque': return Deque(directory=folder)
    return Index(folder)

def close(thing):
    (thing if hasattr(thing, 'close') else thing.cache).close()

def run(kind, thing, op):
    at, name, args = op
    clock[0] = at
    if name == 'transact':
        ops, fails = args
        answers = []
        try:
            with thing.transact():
                for inner in ops: answers.append(run(kind, thing, inner))
                if fails: raise Taken()
        except Taken:
            answers.append('taken back')
        return answers
    try:
        return TABLES[kind][name](thing, *args)
    except (KeyError, TypeError, OverflowError, sqlite3.Error) as error:
        return ['error']

def names(ops):
    for at, name, args in ops:
        yield name
        if name == 'transact': yield from names(args[0])

def tables(folder, kind, shards):
    if kind == 'fanout': return [os.path.join(folder, '%03d' % number) for number in range(shards)]
    return [folder]

def number(value):
    return struct.pack('>d', value).hex() if type(value) is float else value

def content(row, folder, packed):
    mode, filename, value = row['mode'], row['filename'], row['value']
    if filename is not None:
        try:
            with open(os.path.join(folder, filename), 'rb') as file: value = file.read()
        except FileNotFoundError: return 'lost'
    if mode == 4: return repr(say(pickle.loads(value)))
    if packed and isinstance(value, bytes): return repr(say(json.loads(zlib.decompress(value))))
    return number(value) if not isinstance(value, bytes) else value.hex()

def dump(folder, packed):
    db = sqlite3.connect(os.path.join(folder, 'cache.db'))
    db.row_factory = sqlite3.Row
    rows = []
    for row in db.execute('SELECT *, typeof(key) tk, typeof(value) tv, typeof(tag) tt, typeof(expire_time) te, typeof(store_time) ts FROM Cache ORDER BY rowid'):
        cells = {name: number(row[name]) for name in row.keys() if name not in ('value', 'filename', 'key')}
        cells['key'] = row['key'].hex() if isinstance(row['key'], bytes) else number(row['key'])
        cells['file'] = row['filename'] is not None
        cells['content'] = content(row, folder, packed)
        if row['mode'] == 4 or packed: cells.pop('size')
        rows.append(cells)
    settings = {row[0]: [number(row[1]), row[2], row[1]] for row in db.execute('SELECT key, value, typeof(value) FROM Settings')}
    indexes = sorted(row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type IN ('index', 'trigger', 'table')"))
    db.close()
    return {'rows': rows, 'settings': settings, 'schema': indexes}

def items(rows):
    return [row['content'] for row in sorted(rows, key=lambda row: row['key'])]

def differences(one, other, kind, ops):
    found = []
    if kind == 'fanout':
        # Python divides the limit by the number of shards, which makes a float of it.
        for side in one, other: side['settings']['size_limit'] = [float(side['settings']['size_limit'][2]), 'real']
    if any(name in ('rotate', 'reverse') for name in names(ops)):
        # Python makes new rows, ours move values between the rows that are there.
        left, right = items(one['rows']), items(other['rows'])
        if left != right: found.append(['items', str(left)[:200], str(right)[:200]])
        one['rows'] = other['rows'] = []
    for part in ('settings',):
        for name in sorted(set(one[part]) | set(other[part])):
            if one[part].get(name) != other[part].get(name): found.append(['setting', name, one[part].get(name), other[part].get(name)])
    if one['schema'] != other['schema']: found.append(['schema', one['schema'], other['schema']])
    for left, right in zip(one['rows'], other['rows']):
        for name in left:
            if left[name] != right.get(name): found.append(['row', left['rowid'], name, str(left[name])[:200], str(right.get(name))[:200]])
    if len(one['rows']) != len(other['rows']): found.append(['rows', len(one['rows']), len(other['rows'])])
    return found

root = tempfile.mkdtemp(prefix='stowage-spec-')
try:
    for line in sys.stdin:
        task = json.loads(line)
        kind, settings, shards = task['kind'], task['settings'], task['settings'].get('shards', 0)
        folder, packed = os.path.join(root, 'c'), settings.get('json', False)
        clock[0] = task['begin']
        thing = make(kind, folder, dict(settings))
        answers = []
        for op in task['ops']:
            if op[1] == 'reopen': close(thing); answers.append('reopened')
            else: answers.append(run(kind, thing, op))
        found = []
        for mine, theirs in zip(tables(folder, kind, shards), tables(task['folder'], kind, shards)):
            found += differences(dump(mine, packed), dump(theirs, packed), kind, task['ops'])
        close(thing)
        shutil.rmtree(folder)
        print(json.dumps({'answers': answers, 'differences': found}), flush=True)
finally:
    shutil.rmtree(root, ignore_errors=True)
`;
