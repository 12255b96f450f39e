/** Zernike modes on a circular pupil, numbered and normalised as Noll (1976, *J. Opt. Soc. Am.* 66, 207) does. */

/** Which points of a square grid see the sky: those whose centres lie in the inscribed circle. */
export class Pupil {
  /** Places of these points in the row-major grid. */
  readonly points: Int32Array;

  /** @param size points along the diameter */
  constructor(readonly size: number) {
    const all = Int32Array.from({ length: size * size }, (_, place) => place);
    this.points = all.filter((place) => Math.hypot(...this.at(place)) <= 1);
  }

  /** Coordinates of a point in units of the pupil's radius. */
  at(place: number): [x: number, y: number] {
    const middle = (this.size - 1) / 2;
    return [
      ((place % this.size) - middle) / (this.size / 2),
      (Math.floor(place / this.size) - middle) / (this.size / 2),
    ];
  }

  /**
   * What the points see of something larger.
   * @param grid row after row
   * @param first place of the pupil's first point in it
   * @param stride from one row to the next
   */
  cut(grid: ArrayLike<number>, first: number, stride: number): Float64Array {
    return Float64Array.from(
      this.points,
      (place) => grid[first + (place % this.size) + Math.floor(place / this.size) * stride] ?? NaN,
    );
  }
}

/** Radial order `n` and azimuthal order `m` of mode `j`: 1 is piston, 2 and 3 tip and tilt, 4 defocus. Negative `m` is the sine. */
export function orders(j: number): { n: number; m: number } {
  const n = Math.ceil((Math.sqrt(8 * j + 1) - 3) / 2);
  const within = j - (n * (n + 1)) / 2;
  const m = n % 2 === 0 ? 2 * Math.floor(within / 2) : 2 * Math.floor((within + 1) / 2) - 1;
  return { n, m: m !== 0 && j % 2 === 1 ? -m : m };
}

/**
 * Mode `j`, from 2, at each point of a pupil: of rms 1 over the unit circle. What a grid makes of its mean is taken off, so
 * that it does not see piston, of which a cut out of a large screen has plenty.
 */
export function zernike(j: number, pupil: Pupil): Float64Array {
  const { n, m } = orders(j);
  const norm = Math.sqrt((n + 1) * (m === 0 ? 1 : 2));
  const mode = Float64Array.from(pupil.points, (place) => {
    const [x, y] = pupil.at(place);
    const angle = Math.abs(m) * Math.atan2(y, x);
    return norm * radial(n, Math.abs(m), Math.hypot(x, y)) * (m < 0 ? Math.sin(angle) : Math.cos(angle));
  });
  const mean = mode.reduce((sum, value) => sum + value, 0) / mode.length;
  return mode.map((value) => value - mean);
}

function radial(n: number, m: number, r: number): number {
  let sum = 0;
  for (let k = 0; k <= (n - m) / 2; k++) {
    const ways = factorial(n - k) / (factorial(k) * factorial((n + m) / 2 - k) * factorial((n - m) / 2 - k));
    sum += (k % 2 === 0 ? ways : -ways) * r ** (n - 2 * k);
  }
  return sum;
}

function factorial(number: number): number {
  return number < 2 ? 1 : number * factorial(number - 1);
}

/**
 * Variance of mode `j` under Kolmogorov turbulence, in rad² for D/r0 = 1; it grows as (D/r0)^(5/3). From Noll's eq. 25,
 * with the constant in full: 0.4489 for tip and for tilt, where he rounds to 0.448.
 */
export function nollVariance(j: number): number {
  let variance = 0.44888;
  for (let n = 1; n < orders(j).n; n++) variance *= ((n + 2) / (n + 1)) * ((n - 5 / 6) / (n + 23 / 6));
  return variance;
}

/** What is left of the variance, in rad² for D/r0 = 1, when modes 1 to `count` are taken off: Noll's approximation for many. */
export function nollResidual(count: number): number {
  return 0.2944 * count ** (-Math.sqrt(3) / 2);
}
