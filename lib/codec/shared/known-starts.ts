/** What the first bytes of a file say that it is, for the error where it is not what its name says. */

const STARTS: readonly (readonly [start: string, what: string])[] = [
  ['\x93NUMPY', 'an npy file'],
  ['ARROW1', 'an Arrow IPC file'],
  ['\xff\xff\xff\xff', 'an Arrow IPC stream: write it in the file format'],
  ['FEA1', 'a file of Feather version 1: write it with version 2'],
  ['PAR1', 'a Parquet file'],
  ['PK\x03\x04', 'a zip or npz archive: save each array in a file of its own'],
  ['\x80\x02', 'a pickle'],
  ['\x80\x03', 'a pickle'],
  ['\x80\x04', 'a pickle'],
  ['\x80\x05', 'a pickle'],
  ['\x89HDF', 'an HDF5 file'],
  ['SIMPLE', 'a FITS file'],
  ['\x1f\x8b', 'compressed by gzip'],
  ['\x28\xb5\x2f\xfd', 'compressed by zstd'],
  ['\x04\x22\x4d\x18', 'compressed by lz4'],
];

/** `': it is a pickle'`; empty where the first bytes are nothing that is known. */
export function whatItIs(head: Uint8Array): string {
  const start = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 8)).toString('latin1');
  const known = STARTS.find(([each]) => start.startsWith(each));
  return known === undefined ? '' : `: it is ${known[1]}`;
}
