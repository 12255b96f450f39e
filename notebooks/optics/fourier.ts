/** The fast Fourier transform (Cooley and Tukey 1965), as far as phase screens and spectra need it. */

/**
 * Transforms in place: `X[k] = Σ x[n] exp(-2πi kn/N)`, without a factor.
 * @param re real parts, a power of two of them
 * @param im imaginary parts
 */
export function transform(re: Float64Array, im: Float64Array): void {
  const size = re.length;
  if (!Number.isInteger(Math.log2(size)) || im.length !== size)
    throw new RangeError(`${size} is no power of two, or not the length of both`);
  for (let from = 1, to = 0; from < size; from++) {
    let bit = size >> 1;
    for (; to & bit; bit >>= 1) to ^= bit;
    to ^= bit;
    if (from < to) {
      swap(re, from, to);
      swap(im, from, to);
    }
  }
  for (let half = 1; half < size; half *= 2) {
    for (let k = 0; k < half; k++) {
      const cosine = Math.cos((Math.PI * k) / half);
      const sine = -Math.sin((Math.PI * k) / half);
      for (let even = k; even < size; even += 2 * half) {
        const odd = even + half;
        const [a = NaN, b = NaN, c = NaN, d = NaN] = [re[even], im[even], re[odd], im[odd]];
        const real = c * cosine - d * sine;
        const imaginary = c * sine + d * cosine;
        re[even] = a + real;
        im[even] = b + imaginary;
        re[odd] = a - real;
        im[odd] = b - imaginary;
      }
    }
  }
}

/** The same for a square array in row-major order: along the rows, then along the columns. */
export function transformSquare(re: Float64Array, im: Float64Array, size: number): void {
  for (let along = 0; along < 2; along++) {
    for (let row = 0; row < size; row++) {
      transform(re.subarray(row * size, (row + 1) * size), im.subarray(row * size, (row + 1) * size));
    }
    transpose(re, size);
    transpose(im, size);
  }
}

function transpose(values: Float64Array, size: number): void {
  for (let row = 1; row < size; row++) {
    for (let column = 0; column < row; column++) swap(values, row * size + column, column * size + row);
  }
}

function swap(values: Float64Array, one: number, other: number): void {
  const held = values[one] ?? NaN;
  values[one] = values[other] ?? NaN;
  values[other] = held;
}

/** Power at the frequencies of a {@link spectrum}. */
export interface Spectrum {
  /** Hz: from the first above 0 to the last below half the rate. */
  frequency: Float64Array;
  /** Square of the values' unit per Hz, one-sided: its integral over all frequencies is the variance. */
  power: Float64Array;
}

/**
 * The power spectral density of a series by one periodogram under a Hann window, whose side lobes fall fast enough for
 * the steep spectra of turbulence (Harris 1978, *Proc. IEEE* 66, 51).
 * @param values a power of two of them; their mean is taken off
 * @param rate values per second
 */
export function spectrum(values: ArrayLike<number>, rate: number): Spectrum {
  const size = values.length;
  const series = Float64Array.from(values);
  const mean = series.reduce((sum, value) => sum + value, 0) / size;
  const window = series.map((_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size));
  const norm = rate * window.reduce((sum, weight) => sum + weight ** 2, 0);
  const re = series.map((value, n) => (value - mean) * (window[n] ?? NaN));
  const im = new Float64Array(size);
  transform(re, im);
  const bins = Float64Array.from({ length: size / 2 - 1 }, (_, bin) => bin + 1);
  return {
    frequency: bins.map((bin) => (bin * rate) / size),
    power: bins.map((bin) => (2 * ((re[bin] ?? NaN) ** 2 + (im[bin] ?? NaN) ** 2)) / norm),
  };
}
