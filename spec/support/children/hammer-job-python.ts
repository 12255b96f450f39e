/** What `hammer-job.ts` does, in Python. */
export const HAMMER_JOB = `
import json, sys
from diskcache import BoundedSemaphore, Cache, Lock, RLock
job = json.loads(sys.argv[1])
cache = Cache(job['directory'])
lock = Lock(cache, 'lock')
r_lock = RLock(cache, ('r', 'lock'))
semaphore = BoundedSemaphore(cache, 'semaphore', value=2)
report = {'added': 0, 'won': [], 'pushed': [], 'pulled': [], 'guarded': 0, 'wrong': []}
worker = job['worker']

kinds = [
    lambda token: token * 5,
    lambda token: token * 1000,
    lambda token: (token * 1000).encode(),
    lambda token: [token] * 50,
    lambda token: [token] * 3000,
]

def is_whole(value):
    text = value.decode() if type(value) is bytes else ''.join(value) if type(value) is list else value
    if type(text) is not str: return False
    tokens = text.split(';')
    return tokens.pop() == '' and len(set(tokens)) == 1 and len(tokens) in (5, 1000, 50, 3000)

def count(number, token):
    cache.incr('counter %d' % (number % 3), 2)
    cache.decr('counter %d' % (number % 2))
    report['added'] += 1

def store(number, token):
    value = kinds[(number + worker) % len(kinds)](token)
    cache.set(('value', number % 5), value, tag='values', expire=1000)
    cache.set('brief', value, expire=0.001)

def look(number, token):
    for key in range(5):
        value = cache.get(('value', key))
        if value is not None and not is_whole(value):
            report['wrong'].append('%d is %s' % (key, str(value)[:100]))
    if number % 10 == 0:
        for key in cache: cache.get(key)

def win(number, token):
    key = 'once %d' % (number >> 1)
    if cache.add(key, token * 1000): report['won'].append(key)

def queue(number, token):
    options = {'prefix': 'jobs'} if number % 2 == 0 else {}
    cache.push(token * (1000 if number % 3 == 0 else 1), **options)
    report['pushed'].append(token)
    key, pulled = cache.pull(side='back' if number % 5 == 0 else 'front', **options)
    if key is not None: report['pulled'].append(pulled.split(';')[0] + ';')

def transfer(number, token):
    with cache.transact():
        cache.incr('from', -1)
        cache.incr('to', 1)
    with cache.transact():
        balance = cache.get('from') + cache.get('to')
    if balance != 0: report['wrong'].append('balance %d' % balance)

def remove(number, token):
    cache.delete(('value', number % 7))
    value = cache.pop(('value', number % 3))
    if value is not None and not is_whole(value): report['wrong'].append('popped %s' % str(value)[:100])
    if number % 9 == 0: cache.evict('values')
    if number % 4 == 0: cache.expire()

def guard(number, token):
    with lock:
        cache['guarded'] = cache.get('guarded', 0) + 1
        report['guarded'] += 1
    with r_lock:
        with r_lock:
            cache['guarded again'] = cache.get('guarded again', 0) + 1
    with semaphore:
        inside = cache.incr('inside')
        if inside > 2: report['wrong'].append('%d inside' % inside)
        cache.decr('inside')

steps = [count, store, look, win, queue, transfer, remove] + ([guard] if job['withLocks'] else [])
print('ready', flush=True)
sys.stdin.readline()
number = 0
while job['rounds'] == 0 or number < job['rounds']:
    number += 1
    for step in range(len(steps)):
        steps[(step + worker) % len(steps)](number, '%d.%d;' % (worker, number))
cache.close()
print(json.dumps([report]), flush=True)
`;
