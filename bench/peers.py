"""Peers of the benchmark: one JSON request a line on stdin, one JSON answer a line on stdout.

An answer holds the seconds that the operation took here and, where there is one, its result.
"""

import json
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


def kv(folder, call, repeat, keys, value):
    if folder not in caches:
        caches[folder] = diskcache.Cache(folder)
    cache = caches[folder]
    if call == "set":
        for i in range(repeat):
            cache.set(i % keys, value)
    elif call == "get":
        for i in range(repeat):
            cache.get(i % keys)
    else:
        for _ in range(repeat):
            cache.incr("count")


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
