/**
 * Phase screens of Kolmogorov turbulence by Fourier transform (McGlamery 1976), with subharmonics for what varies more
 * slowly than the screen is wide, to which tip and tilt owe most of their variance (Lane, Glindemann and Dainty 1992,
 * *Waves in Random Media* 2, 209).
 */
import { transformSquare } from './fourier.js';
import { normalDeviates } from './normal.js';

/** What a screen is like. */
export interface ScreenOptions {
  /** Points along a side: a power of two. */
  size: number;
  /** Distance of points, in m. */
  pixel: number;
  /** Fried's parameter, in m, at the wavelength whose phase is wanted. */
  r0: number;
  seed: number;
  /** How many times the spacing of frequencies is divided by 3 around 0. @defaultValue 8 */
  subharmonics?: number;
}

/** Γ(11/6)² / (2 π^(11/3)) · (24/5 Γ(6/5))^(5/6), to the digits that are usually given (Noll 1976, eq. 21). */
const strength = 0.0229;

/** Power of the phase in rad² m², at a spatial frequency in 1/m: `0.0229 r0^(-5/3) f^(-11/3)`. */
export function kolmogorov(frequency: number, r0: number): number {
  return strength * r0 ** (-5 / 3) * frequency ** (-11 / 3);
}

/** Phase in rad, row after row. Its mean is 0. */
export function phaseScreen({ size, pixel, r0, seed, subharmonics = 8 }: ScreenOptions): Float64Array {
  const normal = normalDeviates(seed);
  const spacing = 1 / (size * pixel);
  const phase = new Float64Array(size * size);
  const im = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      if (row === 0 && column === 0) continue;
      const frequency = spacing * Math.hypot(signed(row, size), signed(column, size));
      const amplitude = spacing * Math.sqrt(kolmogorov(frequency, r0));
      phase[row * size + column] = amplitude * normal();
      im[row * size + column] = amplitude * normal();
    }
  }
  transformSquare(phase, im, size);
  for (let level = 1; level <= subharmonics; level++) {
    const finer = spacing / 3 ** level;
    for (const [x, y] of around) {
      const amplitude = finer * Math.sqrt(kolmogorov(finer * Math.hypot(x, y), r0));
      addWave(
        phase,
        size,
        [2 * Math.PI * finer * pixel * x, 2 * Math.PI * finer * pixel * y],
        [amplitude * normal(), amplitude * normal()],
      );
    }
  }
  const mean = phase.reduce((sum, value) => sum + value, 0) / phase.length;
  return phase.map((value) => value - mean);
}

/** The eight neighbours of frequency 0. */
const around = [-1, 0, 1].flatMap((x) => [-1, 0, 1].map((y) => [x, y] as const)).filter(([x, y]) => x !== 0 || y !== 0);

/** Frequencies of a transform above half of them stand for negative ones. */
function signed(index: number, size: number): number {
  return index <= size / 2 ? index : index - size;
}

/** Adds `a cos(kx + ly) - b sin(kx + ly)`. */
function addWave(
  phase: Float64Array,
  size: number,
  [k, l]: readonly [number, number],
  [a, b]: readonly [number, number],
): void {
  const cosines = Float64Array.from({ length: size }, (_, column) => Math.cos(k * column));
  const sines = Float64Array.from({ length: size }, (_, column) => Math.sin(k * column));
  for (let row = 0; row < size; row++) {
    const even = a * Math.cos(l * row) - b * Math.sin(l * row);
    const odd = a * Math.sin(l * row) + b * Math.cos(l * row);
    for (let column = 0; column < size; column++) {
      const at = row * size + column;
      phase[at] = (phase[at] ?? NaN) + even * (cosines[column] ?? NaN) - odd * (sines[column] ?? NaN);
    }
  }
}
