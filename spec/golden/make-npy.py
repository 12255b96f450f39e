"""Writes the golden files of npy/ with NumPy, and expected.json: what each of them holds.

Run: python3 make-npy.py (in this folder). 'values' are in row-major order, as text, so that each is exact.
"""

import json
import os

import numpy as np

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'npy')

half = np.array([0, -0.0, 1.5, 6e-8, 6.1e-5, 65504, np.inf, -np.inf], '<f2')
grid = np.arange(24, dtype='<f8').reshape(2, 3, 4) / 8

FILES = {
    'f8-1d': (np.array([0, -0.0, 1.5, np.inf, -np.inf, 5e-324]), 'Float64Array'),
    'f4-1d': (np.array([0.1, -2.5], '<f4'), 'Float32Array'),
    'i1-1d': (np.array([-128, 127], 'i1'), 'Int8Array'),
    'i2-1d': (np.array([-32768, 32767], '<i2'), 'Int16Array'),
    'i4-1d': (np.array([-2**31, 2**31 - 1], '<i4'), 'Int32Array'),
    'i8-1d': (np.array([-2**63, 2**63 - 1], '<i8'), 'BigInt64Array'),
    'u1-1d': (np.array([0, 255], 'u1'), 'Uint8Array'),
    'u2-1d': (np.array([0, 65535], '<u2'), 'Uint16Array'),
    'u4-1d': (np.array([0, 2**32 - 1], '<u4'), 'Uint32Array'),
    'u8-1d': (np.array([0, 2**64 - 1], '<u8'), 'BigUint64Array'),
    'f2-1d': (half, 'Float32Array'),
    'f2-big-endian': (half.astype('>f2'), 'Float32Array'),
    'b1-1d': (np.array([True, False, True]), 'Uint8Array'),
    'f8-big-endian': (np.array([1.5, -2.5], '>f8'), 'Float64Array'),
    'i8-big-endian': (np.array([1, -2**62], '>i8'), 'BigInt64Array'),
    'f8-0d': (np.array(2.5), 'ndarray<Float64Array>'),
    'f8-empty': (np.array([]), 'Float64Array'),
    'f8-empty-3d': (np.zeros((2, 0, 3)), 'ndarray<Float64Array>'),
    'f8-3d-c': (grid, 'ndarray<Float64Array>'),
    'f8-3d-fortran': (np.asfortranarray(grid), 'ndarray<Float64Array>'),
    'f8-3d-gaps': (grid[:, ::-1, ::2], 'ndarray<Float64Array>'),
    'c16-1d': (np.array([1 + 2j, -0.5j]), 'ndarray<Float64Array>'),
    'c8-fortran': (np.asfortranarray(np.arange(6).reshape(2, 3) * (1 + 1j)).astype('<c8', order='K'),
                   'ndarray<Float32Array>'),
    'c16-big-endian': (np.array([[1 + 2j], [3 - 4j]], '>c16'), 'ndarray<Float64Array>'),
}

REFUSED = {
    'refused-datetime': np.array(['2024-01-01'], 'M8[D]'),
    'refused-timedelta': np.array([3], 'm8[s]'),
    'refused-unicode': np.array(['text']),
    'refused-bytes': np.array([b'text']),
    'refused-void': np.zeros(2, 'V3'),
    'refused-structured': np.array([(1, 2.5)], [('a', 'i4'), ('b', '<f8', (2,))]),
    'refused-object': np.array([None, {}], object),
    'refused-longdouble': np.array([1.5], np.longdouble),
    'refused-longdouble-complex': np.array([1.5], np.clongdouble),
}


def numbers(array):
    if array.dtype.kind == 'c':
        array = np.stack([array.real, array.imag], axis=-1)
    return list(array.shape), [
        repr(float(x)) if array.dtype.kind == 'f' else str(int(x)) for x in array.ravel(order='C')
    ]


def main():
    expected = {}
    for name, (array, kind) in FILES.items():
        np.save(os.path.join(FOLDER, name), array)
        shape, values = numbers(array)
        expected[name] = {'type': kind, 'shape': shape, 'values': values}
    for version in [(1, 0), (2, 0), (3, 0)]:
        name = 'version-%d' % version[0]
        with open(os.path.join(FOLDER, name + '.npy'), 'wb') as file:
            np.lib.format.write_array(file, np.array([[1, 2]], '<i2'), version=version)
        expected[name] = {'type': 'ndarray<Int16Array>', 'shape': [1, 2], 'values': ['1', '2']}
    for name, array in REFUSED.items():
        np.save(os.path.join(FOLDER, name), array, allow_pickle=True)
    with open(os.path.join(FOLDER, 'expected.json'), 'w', encoding='utf8') as file:
        file.write('{\n%s\n}\n' % ',\n'.join('  %s: %s' % (json.dumps(k), json.dumps(v)) for k, v in expected.items()))


if __name__ == '__main__':
    main()
