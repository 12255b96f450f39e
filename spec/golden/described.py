"""Makes values of descriptions: lists of a kind and its parts.

['none'], ['bool', True], ['int', '12'], ['float', big-endian hex], ['str', text], ['bytes', hex], ['seq', ...],
['set', ...], ['dict', [key, value], ...], ['again', n] for the container or bytes that was the nth to be completed,
['long str', character, length], ['long bytes', hex, length]. Equal strings are one object, as literals and names are.
"""

import struct
import sys


def build(root, sequence):
    """What is described, with sequences of the type given: tuple or list."""
    completed = []

    def complete(value):
        completed.append(value)
        return value

    def visit(description):
        kind, parts = description[0], description[1:]
        if kind == 'none':
            return None
        if kind == 'bool':
            return parts[0]
        if kind == 'int':
            return int(parts[0])
        if kind == 'float':
            return struct.unpack('>d', bytes.fromhex(parts[0]))[0]
        if kind == 'str':
            return sys.intern(parts[0])
        if kind == 'bytes':
            return complete(bytes.fromhex(parts[0]))
        if kind == 'seq':
            return complete(sequence(visit(part) for part in parts))
        if kind == 'set':
            return complete(set(visit(part) for part in parts))
        if kind == 'dict':
            return complete({sys.intern(key): visit(value) for key, value in parts})
        if kind == 'long str':
            return sys.intern(parts[0] * parts[1])
        if kind == 'long bytes':
            return complete(bytes.fromhex(parts[0]) * parts[1])
        return completed[parts[0]]

    return visit(root)
