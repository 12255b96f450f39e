"""Writes pickle.json: descriptions of values, and what CPython's pickler makes of them, optimised, by protocol.

Run: python3 make-pickle.py (in this folder). 'key' has tuples where 'value' has lists. What a description means is
said in described.py.
"""

import hashlib
import json
import os
import pickle
import pickletools
import struct

from described import build

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'pickle.json')


def number(value):
    if isinstance(value, int):
        return ['int', str(value)]
    return ['float', struct.pack('>d', value).hex()]


def text(value):
    return ['str', value]


INTS = [0, 1, 255, 256, 65535, 65536, 2**31 - 1, 2**31, -1, -128, -129, -2**31, -2**31 - 1, 2**53 - 1, 2**63, -2**63, 2**64]
FLOATS = [-0.0, 1.5, 0.1, 1e16, 1.5e-05, 123456789.125, 1e22, 5e-324, float('inf'), float('-inf'), float('nan')]
TEXTS = ['', 'a', 'night1', 'caf\u00e9', '\u2603', '\U0001f52d', 'lone \ud83d', '\\u0041 \\ \n\r\0\x1a', 'x' * 255, 'x' * 256]

DESCRIPTIONS = [
    ['none'], ['bool', True], ['bool', False], ['seq'], ['dict'],
    ['seq', *map(number, INTS)],
    ['seq', *map(number, FLOATS)],
    ['seq', *map(text, TEXTS)],
    *[['seq', *map(number, range(length))] for length in (1, 2, 3, 4)],
    ['seq', ['bytes', ''], ['bytes', '51'], ['bytes', '00ff80'], ['bytes', '62' * 300], text('latin1'), text('Q')],
    ['seq', text('a'), text('a'), text('b'), text('a'), ['dict', ['b', text('a')], ['a', ['none']]]],
    ['seq', ['seq', number(1)], ['again', 0], ['bytes', '6162'], ['again', 1]],
    ['seq', text('night1'), number(3), ['dict', ['threshold', number(0.5)], ['modes', ['seq', number(1), number(2)]]]],
    ['dict', *[['k%d' % index, number(index)] for index in range(3)]],
    ['seq', *map(number, range(1001))],
    ['seq', ['long str', 'y', 66000], ['long str', 'y', 66000], ['long bytes', '7a', 66000], number(1)],
]


def pickles(description, sequence):
    return [optimised(build(description, sequence), protocol) for protocol in range(6)]


def optimised(value, protocol):
    data = pickletools.optimize(pickle.dumps(value, protocol))
    # Of a long one, its digest.
    if len(data) > 3000:
        return hashlib.sha256(data).hexdigest()
    return data.hex()


with open(FILE, 'w') as out:
    entries = [{'of': d, 'key': pickles(d, tuple), 'value': pickles(d, list)} for d in DESCRIPTIONS]
    out.write('[\n' + ',\n'.join(json.dumps(entry) for entry in entries) + '\n]\n')
