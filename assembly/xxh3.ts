/**
 * XXH3 with 64 bits, in streams, as https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md says it, in
 * AssemblyScript. `npm run assembly` compiles it into lib/base/packages/xxh3-binary.ts.
 */

// Where things lie in memory. The first STATE bytes are a stream's state; its owner copies them out and in again.
const SEED: usize = 0;
const TOTAL: usize = 8;
/** Bytes in HELD. */
const COUNT: usize = 16;
/** Stripes since the last scramble. */
const STRIPES: usize = 20;
const ACCUMULATORS: usize = 32;
const SECRET: usize = 96;
const HELD: usize = 288;
const STATE: usize = 544;
/** For the last stripe, where it lies in two pieces. */
const LAST: usize = 576;
/** Where the bytes are put that are to be added. */
const INPUT: usize = 4096;

const HELD_BYTES: u32 = 256;
const STRIPE: u32 = 64;
const STRIPES_IN_BLOCK: u32 = 16;
const SECRET_BYTES: usize = 192;

const PRIME32_1: u64 = 0x9e3779b1;
const PRIME32_2: u64 = 0x85ebca77;
const PRIME32_3: u64 = 0xc2b2ae3d;
const PRIME64_1: u64 = 0x9e3779b185ebca87;
const PRIME64_2: u64 = 0xc2b2ae3d27d4eb4f;
const PRIME64_3: u64 = 0x165667b19e3779f9;
const PRIME64_4: u64 = 0x85ebca77c2b2ae63;
const PRIME64_5: u64 = 0x27d4eb2f165667c5;
const PRIME_MX1: u64 = 0x165667919e3779f9;
const PRIME_MX2: u64 = 0x9fb21c651e98df25;

/** The secret that no seed has changed. */
const DEFAULT = memory.data<u8>([
  0xb8, 0xfe, 0x6c, 0x39, 0x23, 0xa4, 0x4b, 0xbe, 0x7c, 0x01, 0x81, 0x2c, 0xf7, 0x21, 0xad, 0x1c,
  0xde, 0xd4, 0x6d, 0xe9, 0x83, 0x90, 0x97, 0xdb, 0x72, 0x40, 0xa4, 0xa4, 0xb7, 0xb3, 0x67, 0x1f,
  0xcb, 0x79, 0xe6, 0x4e, 0xcc, 0xc0, 0xe5, 0x78, 0x82, 0x5a, 0xd0, 0x7d, 0xcc, 0xff, 0x72, 0x21,
  0xb8, 0x08, 0x46, 0x74, 0xf7, 0x43, 0x24, 0x8e, 0xe0, 0x35, 0x90, 0xe6, 0x81, 0x3a, 0x26, 0x4c,
  0x3c, 0x28, 0x52, 0xbb, 0x91, 0xc3, 0x00, 0xcb, 0x88, 0xd0, 0x65, 0x8b, 0x1b, 0x53, 0x2e, 0xa3,
  0x71, 0x64, 0x48, 0x97, 0xa2, 0x0d, 0xf9, 0x4e, 0x38, 0x19, 0xef, 0x46, 0xa9, 0xde, 0xac, 0xd8,
  0xa8, 0xfa, 0x76, 0x3f, 0xe3, 0x9c, 0x34, 0x3f, 0xf9, 0xdc, 0xbb, 0xc7, 0xc7, 0x0b, 0x4f, 0x1d,
  0x8a, 0x51, 0xe0, 0x4b, 0xcd, 0xb4, 0x59, 0x31, 0xc8, 0x9f, 0x7e, 0xc9, 0xd9, 0x78, 0x73, 0x64,
  0xea, 0xc5, 0xac, 0x83, 0x34, 0xd3, 0xeb, 0xc3, 0xc5, 0x81, 0xa0, 0xff, 0xfa, 0x13, 0x63, 0xeb,
  0x17, 0x0d, 0xdd, 0x51, 0xb7, 0xf0, 0xda, 0x49, 0xd3, 0x16, 0x55, 0x26, 0x29, 0xd4, 0x68, 0x9e,
  0x2b, 0x16, 0xbe, 0x58, 0x7d, 0x47, 0xa1, 0xfc, 0x8f, 0xf8, 0xb8, 0xd1, 0x7a, 0xd0, 0x31, 0xce,
  0x45, 0xcb, 0x3a, 0x8f, 0x95, 0x16, 0x04, 0x28, 0xaf, 0xd7, 0xfb, 0xca, 0xbb, 0x4b, 0x40, 0x7e,
]);

/** Begins a stream. */
export function reset(seed: u64): void {
  memory.fill(0, 0, STATE);
  store<u64>(SEED, seed);
  const acc = ACCUMULATORS;
  store<u64>(acc, PRIME32_3, 0);
  store<u64>(acc, PRIME64_1, 8);
  store<u64>(acc, PRIME64_2, 16);
  store<u64>(acc, PRIME64_3, 24);
  store<u64>(acc, PRIME64_4, 32);
  store<u64>(acc, PRIME32_2, 40);
  store<u64>(acc, PRIME64_5, 48);
  store<u64>(acc, PRIME32_1, 56);
  for (let at: usize = 0; at < SECRET_BYTES; at += 16) {
    store<u64>(SECRET + at, load<u64>(DEFAULT + at) + seed);
    store<u64>(SECRET + at, load<u64>(DEFAULT + at, 8) - seed, 8);
  }
}

/** Adds the first `length` bytes of the input. */
export function update(length: u32): void {
  store<u64>(TOTAL, load<u64>(TOTAL) + length);
  let held = load<u32>(COUNT);
  let at: usize = INPUT;
  if (held + length > HELD_BYTES) {
    if (held > 0) {
      const fill = HELD_BYTES - held;
      memory.copy(HELD + held, at, fill);
      consume(HELD, HELD_BYTES / STRIPE);
      at += fill;
      length -= fill;
      held = 0;
    }
    if (length > HELD_BYTES) {
      // The last byte is kept, since the end of the stream is treated otherwise.
      const stripes = (length - 1) / STRIPE;
      const bytes = stripes * STRIPE;
      consume(at, stripes);
      at += bytes;
      length -= bytes;
      memory.copy(HELD + HELD_BYTES - STRIPE, at - STRIPE, STRIPE);
    }
  }
  memory.copy(HELD + held, at, length);
  store<u32>(COUNT, held + length);
}

/** The sum of all that was added. */
export function digest(): u64 {
  const total = load<u64>(TOTAL);
  if (total <= 240) return short(HELD, <u32>total, load<u64>(SEED));
  const held = load<u32>(COUNT);
  let last: usize = HELD + held - STRIPE;
  if (held >= STRIPE) {
    consume(HELD, (held - 1) / STRIPE);
  } else {
    const before = STRIPE - held;
    memory.copy(LAST, HELD + HELD_BYTES - before, before);
    memory.copy(LAST + before, HELD, held);
    last = LAST;
  }
  accumulate(last, SECRET + SECRET_BYTES - STRIPE - 7, 1);
  let sum = total * PRIME64_1;
  for (let i: usize = 0; i < 64; i += 16) {
    const secret = SECRET + 11 + i;
    sum += fold(load<u64>(ACCUMULATORS + i) ^ load<u64>(secret), load<u64>(ACCUMULATORS + i, 8) ^ load<u64>(secret, 8));
  }
  return avalanche(sum);
}

function consume(at: usize, stripes: u32): void {
  let done = load<u32>(STRIPES);
  while (stripes > 0) {
    const count = min(stripes, STRIPES_IN_BLOCK - done);
    accumulate(at, SECRET + done * 8, count);
    at += count * STRIPE;
    stripes -= count;
    done += count;
    if (done == STRIPES_IN_BLOCK) {
      scramble();
      done = 0;
    }
  }
  store<u32>(STRIPES, done);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function mixed(acc: v128, data: v128): v128 {
  return i64x2.add(acc, v128.shuffle<u64>(data, data, 1, 0));
}

/** Stripe after stripe, each with the secret eight bytes further on. */
function accumulate(at: usize, secret: usize, stripes: u32): void {
  let a = v128.load(ACCUMULATORS, 0);
  let b = v128.load(ACCUMULATORS, 16);
  let c = v128.load(ACCUMULATORS, 32);
  let d = v128.load(ACCUMULATORS, 48);
  for (; stripes > 0; stripes--) {
    const p = v128.load(at, 0);
    const q = v128.load(at, 16);
    const r = v128.load(at, 32);
    const s = v128.load(at, 48);
    const kp = v128.xor(p, v128.load(secret, 0));
    const kq = v128.xor(q, v128.load(secret, 16));
    const kr = v128.xor(r, v128.load(secret, 32));
    const ks = v128.xor(s, v128.load(secret, 48));
    const lo = v128.shuffle<u32>(kp, kq, 0, 2, 4, 6);
    const hi = v128.shuffle<u32>(kp, kq, 1, 3, 5, 7);
    a = i64x2.add(mixed(a, p), i64x2.extmul_low_i32x4_u(lo, hi));
    b = i64x2.add(mixed(b, q), i64x2.extmul_high_i32x4_u(lo, hi));
    const lo2 = v128.shuffle<u32>(kr, ks, 0, 2, 4, 6);
    const hi2 = v128.shuffle<u32>(kr, ks, 1, 3, 5, 7);
    c = i64x2.add(mixed(c, r), i64x2.extmul_low_i32x4_u(lo2, hi2));
    d = i64x2.add(mixed(d, s), i64x2.extmul_high_i32x4_u(lo2, hi2));
    at += STRIPE;
    secret += 8;
  }
  v128.store(ACCUMULATORS, a, 0);
  v128.store(ACCUMULATORS, b, 16);
  v128.store(ACCUMULATORS, c, 32);
  v128.store(ACCUMULATORS, d, 48);
}

function scramble(): void {
  for (let i: usize = 0; i < 64; i += 8) {
    let acc = load<u64>(ACCUMULATORS + i);
    acc ^= acc >> 47;
    acc ^= load<u64>(SECRET + SECRET_BYTES - STRIPE + i);
    store<u64>(ACCUMULATORS + i, acc * PRIME32_1);
  }
}

/** Both halves of the 128-bit product, folded. */
function fold(a: u64, b: u64): u64 {
  const aLow = a & 0xffffffff;
  const aHigh = a >> 32;
  const bLow = b & 0xffffffff;
  const bHigh = b >> 32;
  const low = aLow * bLow;
  const middle = aHigh * bLow;
  const cross = (low >> 32) + (middle & 0xffffffff) + aLow * bHigh;
  const high = (middle >> 32) + (cross >> 32) + aHigh * bHigh;
  return ((cross << 32) | (low & 0xffffffff)) ^ high;
}

function avalanche(h: u64): u64 {
  h ^= h >> 37;
  h *= PRIME_MX1;
  return h ^ (h >> 32);
}

function avalanche64(h: u64): u64 {
  h ^= h >> 33;
  h *= PRIME64_2;
  h ^= h >> 29;
  h *= PRIME64_3;
  return h ^ (h >> 32);
}

function mix16(at: usize, secret: usize, seed: u64): u64 {
  return fold(load<u64>(at) ^ (load<u64>(secret) + seed), load<u64>(at, 8) ^ (load<u64>(secret, 8) - seed));
}

/** Up to 240 bytes. */
function short(at: usize, length: u32, seed: u64): u64 {
  const secret = DEFAULT;
  if (length > 128) return upTo240(at, length, seed);
  if (length > 16) return upTo128(at, length, seed);
  if (length > 8) {
    const low = load<u64>(at) ^ ((load<u64>(secret, 24) ^ load<u64>(secret, 32)) + seed);
    const high = load<u64>(at + length - 8) ^ ((load<u64>(secret, 40) ^ load<u64>(secret, 48)) - seed);
    return avalanche(<u64>length + bswap<u64>(low) + high + fold(low, high));
  }
  if (length >= 4) {
    seed ^= (<u64>bswap<u32>(<u32>seed)) << 32;
    const both = <u64>load<u32>(at + length - 4) + ((<u64>load<u32>(at)) << 32);
    let h = both ^ ((load<u64>(secret, 8) ^ load<u64>(secret, 16)) - seed);
    h ^= rotl<u64>(h, 49) ^ rotl<u64>(h, 24);
    h *= PRIME_MX2;
    h ^= (h >> 35) + <u64>length;
    h *= PRIME_MX2;
    return h ^ (h >> 28);
  }
  if (length > 0) {
    const combined =
      (<u32>load<u8>(at) << 16) | (<u32>load<u8>(at + (length >> 1)) << 24) | <u32>load<u8>(at + length - 1) | (length << 8);
    return avalanche64(<u64>combined ^ (<u64>(load<u32>(secret) ^ load<u32>(secret, 4)) + seed));
  }
  return avalanche64(seed ^ load<u64>(secret, 56) ^ load<u64>(secret, 64));
}

/** From both ends towards the middle. */
function upTo128(at: usize, length: u32, seed: u64): u64 {
  const end = at + length - 16;
  const last: usize = (length - 1) / 32 * 16;
  let sum = <u64>length * PRIME64_1;
  for (let i: usize = 0; i <= last; i += 16) {
    sum += mix16(at + i, DEFAULT + 2 * i, seed) + mix16(end - i, DEFAULT + 2 * i + 16, seed);
  }
  return avalanche(sum);
}

function upTo240(at: usize, length: u32, seed: u64): u64 {
  let sum = <u64>length * PRIME64_1;
  for (let i: usize = 0; i < 128; i += 16) sum += mix16(at + i, DEFAULT + i, seed);
  sum = avalanche(sum);
  const rounds: usize = length / 16 * 16;
  for (let i: usize = 128; i < rounds; i += 16) sum += mix16(at + i, DEFAULT + i - 128 + 3, seed);
  return avalanche(sum + mix16(at + length - 16, DEFAULT + 136 - 17, seed));
}
