/** What a camera sees on the axis of a telescope, over many wavefronts. */
export class Exposure {
  #count = 0;
  #peaks = 0;
  #variances = 0;

  /** @param wavelength in nm */
  constructor(readonly wavelength: number) {}

  /** @param wavefront in nm, at each point of the pupil */
  add(wavefront: Float64Array): void {
    const wave = (2 * Math.PI) / this.wavelength;
    let [sum, squares, real, imaginary] = [0, 0, 0, 0];
    for (const path of wavefront) {
      sum += path;
      squares += path * path;
      real += Math.cos(wave * path);
      imaginary += Math.sin(wave * path);
    }
    const points = wavefront.length;
    this.#count++;
    this.#peaks += (real / points) ** 2 + (imaginary / points) ** 2;
    this.#variances += squares / points - (sum / points) ** 2;
  }

  /** Strehl ratio: the intensity on axis over that of a perfect telescope. */
  get strehl(): number {
    return this.#peaks / this.#count;
  }

  /** Mean variance of a wavefront over the pupil, nm². */
  get variance(): number {
    return this.#variances / this.#count;
  }
}

/** Takes modes off a wavefront, in place. */
export function subtract(
  wavefront: Float64Array,
  modes: readonly Float64Array[],
  coefficients: ArrayLike<number>,
): void {
  for (const [k, mode] of modes.entries()) {
    const coefficient = coefficients[k] ?? NaN;
    for (let i = 0; i < wavefront.length; i++) wavefront[i] = (wavefront[i] ?? NaN) - coefficient * (mode[i] ?? NaN);
  }
}
