/** What `lock-job-main.ts` does, in Python. */
export const LOCK_JOB = `
import json, os, sys, time
from diskcache import BoundedSemaphore, Cache, Lock, RLock, recipes
job = json.loads(sys.argv[1])
cache = Cache(job['directory'])
classes = {'Lock': Lock, 'RLock': RLock, 'BoundedSemaphore': BoundedSemaphore}
options = {name: job[name] for name in ('value', 'expire') if name in job}
lock = classes[job['kind']](cache, job['key'], **options)

def say(word):
    sys.stdout.write(word + '\\n')
    sys.stdout.flush()

class Time:
    def sleep(self, seconds):
        if job['task'] == 'hold':
            say('waiting')
        time.sleep(seconds)
recipes.time = Time()

def once():
    place = job['place']
    if job['task'] == 'count':
        with open(place) as file:
            count = int(file.read())
        time.sleep(0.001)
        with open(place, 'w') as file:
            file.write(str(count + 1))
    else:
        inside = os.path.join(place, 'in')
        os.mkdir(os.path.join(inside, str(os.getpid())))
        time.sleep(0.001)
        os.makedirs(os.path.join(place, 'together-%d' % len(os.listdir(inside))), exist_ok=True)
        os.rmdir(os.path.join(inside, str(os.getpid())))

if job['task'] == 'hold':
    lock.acquire()
    say('held')
    sys.stdin.readline()
    lock.release()
    say('released')
else:
    say('ready')
    sys.stdin.readline()
    for _ in range(job['rounds']):
        with lock:
            once()
`;
