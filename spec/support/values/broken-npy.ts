/** Files that are not of the npy format, each in a way of its own. */

/** What NumPy writes for 3 × 4 numbers. */
export const GOOD_HEADER = "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }";

/** A file of any text as header, padded or not: what other programs, or damage, leave. */
export function npyHeader(text: string, version = 1, minor = 0): Buffer {
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  length.writeUIntLE(text.length, 0, length.length);
  return Buffer.concat([Buffer.from('\x93NUMPY', 'latin1'), Buffer.from([version, minor]), length, Buffer.from(text)]);
}

/** Beginnings of files that no npy file has, and what the parser says of each. */
export const BROKEN_HEADERS: Record<string, [Uint8Array, RegExp]> = {
  'another format': [Buffer.from('PK\x03\x04 and so on'), /does not start like an npy file/],
  'version 4': [npyHeader(GOOD_HEADER, 4), /npy version 4\.0; versions 1\.0, 2\.0 and 3\.0 are read/],
  'version 1.1': [npyHeader(GOOD_HEADER, 1, 1), /npy version 1\.1/],
  'an incomplete header': [npyHeader(GOOD_HEADER).subarray(0, 40), /ends inside its npy header, after 40 bytes/],
  'an empty file': [Buffer.alloc(0), /ends inside/],
  'a missing key': [npyHeader("{'descr': '<f8', 'shape': ()}"), /this one says descr, shape/],
  'a key too many': [npyHeader(GOOD_HEADER.replace('}', "'x': 1}")), /this one says descr, fortran_order, shape, x/],
  'another key': [npyHeader(GOOD_HEADER.replace('descr', 'dtype')), /this one says dtype/],
  'an order that is no bool': [npyHeader(GOOD_HEADER.replace('False', '0')), /fortran_order \(True or False\)/],
  'a shape that is a list': [npyHeader(GOOD_HEADER.replace('(3, 4)', '[3, 4]')), /is a tuple/],
  'a shape that is a number': [npyHeader(GOOD_HEADER.replace('(3, 4)', '(3)')), /is a tuple/],
  'a shape that is None': [npyHeader(GOOD_HEADER.replace('(3, 4)', 'None')), /is a tuple/],
  'a shape with text': [npyHeader(GOOD_HEADER.replace('(3, 4)', "(3, '4')")), /not a whole number/],
  'a shape with a bool': [npyHeader(GOOD_HEADER.replace('(3, 4)', '(True,)')), /not a whole number/],
  'more dimensions than NumPy': [npyHeader(GOOD_HEADER.replace('(3, 4)', `(${'1, '.repeat(65)})`)), /65 dim/],
  'a header beyond 1 MiB': [npyHeader(' '.repeat((1 << 20) + 1), 2), /header of 1048577 bytes/],
  'a dict that is evaluated': [npyHeader(`{'descr': __import__('os'), ${GOOD_HEADER.slice(1)}`), /no part of a header/],
};
