"""Peers of the benchmark: one JSON request a line on stdin, one JSON answer a line on stdout.

An answer holds the seconds that the operation took here and, where there is one, its result.
"""

import json
import multiprocessing
import os
import platform
import shutil
import sys
import time

try:
    import numpy
except ImportError:
    numpy = None
try:
    import joblib
except ImportError:
    joblib = None
try:
    import diskcache
except ImportError:
    diskcache = None

arrays = {}
memories = {}
caches = {}


def sync(path):
    """What it takes until the disk has a file, or a folder's names."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def make(count):
    """The array of every case: float64, element i is i / 2."""
    arrays[count] = numpy.arange(count, dtype="<f8") * 0.5


def equal_file(path, count):
    """Does numpy.load see the array in the file?"""
    return bool(numpy.array_equal(numpy.load(path), arrays[count]))


def np_save(path, count):
    with open(path, "wb") as file:
        numpy.save(file, arrays[count])
        file.flush()
        os.fsync(file.fileno())
    sync(os.path.dirname(path))


def np_load(path):
    numpy.load(path)


def produce(count):
    return arrays[count]


def memory_of(folder):
    if folder not in memories:
        memories[folder] = joblib.Memory(folder, verbose=0).cache(produce)
    return memories[folder]


def joblib_store(folder, count):
    """The first call computes and stores; joblib does not fsync, so its files are synced here."""
    memory_of(folder)(count)
    for parent, _, files in os.walk(folder):
        for name in files:
            if name == "output.pkl":
                sync(os.path.join(parent, name))
                sync(parent)


def joblib_load(folder, count):
    memory_of(folder)(count)


def level(number):
    return number / 2


def joblib_levels(folder, first, calls):
    """Each call once: their sum."""
    if folder not in memories:
        memories[folder] = joblib.Memory(folder, verbose=0).cache(level)
    cached = memories[folder]
    return sum(cached(number) for number in range(first, first + calls))


def joblib_equal(folder, count):
    return bool(numpy.array_equal(memory_of(folder)(count), arrays[count]))


def joblib_forget(folder):
    memories.pop(folder, None)
    shutil.rmtree(folder, ignore_errors=True)


def joblib_hash(count):
    return joblib.hash(arrays[count])


def joblib_hash_small(arguments, repeat):
    result = None
    for _ in range(repeat):
        result = joblib.hash(arguments)
    return result


def cache_of(folder):
    if folder not in caches:
        caches[folder] = diskcache.Cache(folder)
    return caches[folder]


def push_or_pull(cache, i, calls, value):
    return cache.push(value) if i < calls / 2 else cache.pull()[1]


# One call each, by the names of kv-calls.ts.
kv_calls = {
    "set": lambda cache, i, keys, value, calls: cache.set(i % keys, value),
    "get": lambda cache, i, keys, value, calls: cache.get(i % keys),
    "incr": lambda cache, i, keys, value, calls: cache.incr("count"),
    "add": lambda cache, i, keys, value, calls: cache.add(f"added {i}", value),
    "delete": lambda cache, i, keys, value, calls: cache.delete(f"set {i}"),
    "pop": lambda cache, i, keys, value, calls: cache.pop(f"set {i}"),
    "push, then pull": lambda cache, i, keys, value, calls: push_or_pull(cache, i, calls, value),
}

kv_preparations = {
    "add": lambda cache, i, value: cache.delete(f"added {i}"),
    "delete": lambda cache, i, value: cache.set(f"set {i}", value),
    "pop": lambda cache, i, value: cache.set(f"set {i}", value),
}


def kv_prepare(folder, call, calls, keys, value, transact):
    cache = cache_of(folder)
    prepare = kv_preparations.get(call)
    if prepare is None:
        return
    with cache.transact():
        for i in range(calls):
            prepare(cache, i, value)


def kv_answers(folder, call, calls, keys, value, transact):
    cache = cache_of(folder)
    return [kv_calls[call](cache, i, keys, value, calls) for i in range(calls)]


def kv(folder, call, calls, keys, value, transact):
    cache = cache_of(folder)
    one = kv_calls[call]
    if transact:
        with cache.transact():
            for i in range(calls):
                one(cache, i, keys, value, calls)
    else:
        for i in range(calls):
            one(cache, i, keys, value, calls)


workers = []


def kv_worker(pipe):
    """A process that opens the cache that it is told, then makes calls when it is told."""
    cache = None
    while True:
        message = pipe.recv()
        if message is None:
            return
        folder, policy, calls, keys, value = message
        if cache is None or cache.directory != folder:
            cache = diskcache.Cache(folder, eviction_policy=policy)
            cache.get(0)
        for i in range(calls):
            key = (i - i % 2) % keys
            if i % 2 == 0:
                cache.set(key, value, retry=True)
            else:
                cache.get(key, retry=True)
        pipe.send(True)


def tell_workers(message):
    for _, pipe in workers:
        pipe.send(message)
    for _, pipe in workers:
        pipe.recv()


def kv_processes(folder, policy, processes, calls, keys, value):
    """What all took together once each has opened the cache."""
    if not workers:
        for _ in range(processes):
            ours, theirs = multiprocessing.Pipe()
            process = multiprocessing.Process(target=kv_worker, args=(theirs,), daemon=True)
            process.start()
            workers.append((process, ours))
    diskcache.Cache(folder, eviction_policy=policy).close()
    tell_workers((folder, policy, 0, keys, value))
    start = time.perf_counter()
    tell_workers((folder, policy, calls, keys, value))
    return time.perf_counter() - start


def kv_processes_end():
    for process, pipe in workers:
        pipe.send(None)
        process.join()
    workers.clear()


def peak():
    """Bytes that this process took at most; getrusage would answer the parent's peak if that was higher."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))


def peak_of_load(path):
    before = peak()
    array = numpy.load(path)
    return [peak() - before, float(array[-1])]


def peak_of_save(path, count):
    array = numpy.empty(count)
    for start in range(0, count, 1 << 20):
        array[start : start + (1 << 20)] = 0.5
    before = peak()
    with open(path, "wb") as file:
        numpy.save(file, array)
    return [peak() - before]


def drop(count):
    arrays.pop(count, None)


operations = {
    f.__name__: f
    for f in (
        make,
        drop,
        equal_file,
        np_save,
        np_load,
        joblib_store,
        joblib_load,
        joblib_levels,
        joblib_equal,
        joblib_forget,
        joblib_hash,
        joblib_hash_small,
        kv,
        kv_answers,
        kv_prepare,
        kv_processes,
        kv_processes_end,
        peak_of_load,
        peak_of_save,
    )
}


def answer(request):
    operation = operations[request.pop("operation")]
    start = time.perf_counter()
    result = operation(**request)
    return {"seconds": time.perf_counter() - start, "result": result}


def main():
    if "--versions" in sys.argv:
        packages = {"numpy": numpy, "joblib": joblib, "diskcache": diskcache}
        versions = {name: package.__version__ for name, package in packages.items() if package is not None}
        print(json.dumps({"python": platform.python_version(), **versions}))
        return
    for line in sys.stdin:
        try:
            reply = answer(json.loads(line))
        except Exception as error:  # reported to the other side, which stops the run
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), flush=True)


main()
