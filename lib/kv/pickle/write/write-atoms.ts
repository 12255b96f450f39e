/** What has no parts, as opcodes of the protocol asked for. */
import { encodeLong, floatRepr } from '../numbers.js';
import type { OpList } from './op-list.js';
import { Op } from '../opcodes.js';
import { encodeRawUnicode, encodeUtf8 } from '../text.js';

/** Of more than 4300 digits Python neither writes nor reads a decimal; it reads a LONG4 in any protocol. */
const MAX_DECIMAL_BYTES = 1785;

export function writeBoolean(ops: OpList, protocol: number, value: boolean): void {
  if (protocol >= 2) ops.add(value ? Op.NEWTRUE : Op.NEWFALSE);
  else ops.addLine(Op.INT, value ? '01' : '00');
}

/** A number is an int where it has no fraction and all its digits count. */
export function writeNumber(ops: OpList, protocol: number, value: number): void {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) writeFloat(ops, protocol, value);
  else if (value === (value | 0)) writeInt32(ops, protocol, value);
  else writeLong(ops, protocol, BigInt(value));
}

/** An int of any size, as Python writes it. */
export function writeInt(ops: OpList, protocol: number, value: bigint): void {
  if (BigInt.asIntN(32, value) === value) writeInt32(ops, protocol, Number(value));
  else writeLong(ops, protocol, value);
}

/**
 * A bigint that is to come back as one, not as a number. Python writes a LONG4 only for more than 255 bytes, but
 * reads a short one as any int.
 */
export function writeBigInt(ops: OpList, protocol: number, value: bigint): void {
  if (Number.isSafeInteger(Number(value))) ops.addBytes(Op.LONG4, ...sized(4, encodeLong(value)));
  else writeInt(ops, protocol, value);
}

export function writeString(ops: OpList, protocol: number, text: string): void {
  if (protocol === 0) {
    ops.addBytes(Op.UNICODE, new Uint8Array(0), Buffer.concat([encodeRawUnicode(text), Buffer.of(0x0a)]));
    return;
  }
  if (protocol >= 4 && ops.addAscii(Op.SHORT_BINUNICODE, text)) return;
  const bytes = encodeUtf8(text);
  if (protocol >= 4 && bytes.length < 256) ops.addBytes(Op.SHORT_BINUNICODE, ...sized(1, bytes));
  else
    ops.addBytes(
      bytes.length < 2 ** 32 ? Op.BINUNICODE : Op.BINUNICODE8,
      ...sized(bytes.length < 2 ** 32 ? 4 : 8, bytes),
    );
}

/** Bytes, from protocol 3 on. */
export function writeBytes(ops: OpList, bytes: Uint8Array): void {
  const { length } = bytes;
  if (length < 256) ops.addBytes(Op.SHORT_BINBYTES, ...sized(1, bytes));
  else if (length < 2 ** 32) ops.addBytes(Op.BINBYTES, ...sized(4, bytes));
  else ops.addBytes(Op.BINBYTES8, ...sized(8, bytes));
}

function writeInt32(ops: OpList, protocol: number, value: number): void {
  if (protocol === 0) ops.addLine(Op.INT, String(value));
  else if (value < 0 || value > 0xffff) ops.addInteger(Op.BININT, 4, value);
  else if (value > 0xff) ops.addInteger(Op.BININT2, 2, value);
  else ops.addInteger(Op.BININT1, 1, value);
}

function writeLong(ops: OpList, protocol: number, value: bigint): void {
  const bytes = encodeLong(value);
  if (protocol < 2 && bytes.length <= MAX_DECIMAL_BYTES) ops.addLine(Op.LONG, `${value}L`);
  else if (bytes.length < 256) ops.addBytes(Op.LONG1, ...sized(1, bytes));
  else ops.addBytes(Op.LONG4, ...sized(4, bytes));
}

function writeFloat(ops: OpList, protocol: number, value: number): void {
  if (protocol === 0) ops.addLine(Op.FLOAT, floatRepr(value));
  else ops.addFloat(Op.BINFLOAT, value);
}

/** A payload behind its length, little-endian in so many bytes. */
function sized(lengthBytes: 1 | 4 | 8, payload: Uint8Array): [size: Uint8Array, payload: Uint8Array] {
  const size = Buffer.alloc(lengthBytes);
  // Node writes numbers of up to six bytes, and no length needs more.
  size.writeUIntLE(payload.length, 0, Math.min(lengthBytes, 6));
  return [size, payload];
}
