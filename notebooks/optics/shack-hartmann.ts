/** A Shack–Hartmann wavefront sensor by geometric optics: what diffraction and centroiding add is left out. */
import { Matrix, pseudoInverse } from 'ml-matrix';
import { zernike, type Pupil } from './zernike.js';

/** Milliarcseconds in a slope of 1 nm/m. */
const mas = (1e-9 * 180 * 3600 * 1000) / Math.PI;

export class ShackHartmann {
  /** First point, in the row-major grid, of each subaperture that lies within the pupil as a whole. */
  readonly corners: Int32Array;
  /** Points along a side of one. */
  readonly width: number;

  /**
   * @param across subapertures along the diameter
   * @param diameter of the pupil, in m
   */
  constructor(
    readonly pupil: Pupil,
    readonly across: number,
    readonly diameter: number,
  ) {
    this.width = pupil.size / across;
    const lit = new Set(pupil.points);
    const all = Int32Array.from(
      { length: across * across },
      (_, k) => this.width * ((k % across) + Math.floor(k / across) * pupil.size),
    );
    this.corners = all.filter((corner) => this.#points(corner).every((point) => lit.has(point)));
  }

  /**
   * Mean slopes within the subapertures, in mas: first all along x, then all along y.
   * @param wavefront in nm, row after row
   * @param stride from one row to the next
   */
  slopes(wavefront: ArrayLike<number>, stride = this.pupil.size): Float64Array {
    const { corners, width, pupil } = this;
    const result = new Float64Array(2 * corners.length);
    const scale = mas / ((width - 1) * width * (this.diameter / pupil.size));
    corners.forEach((corner, k) => {
      const first = (corner % pupil.size) + Math.floor(corner / pupil.size) * stride;
      const far = width - 1;
      let [x, y] = [0, 0];
      for (let i = 0; i < width; i++) {
        x += (wavefront[first + i * stride + far] ?? NaN) - (wavefront[first + i * stride] ?? NaN);
        y += (wavefront[first + far * stride + i] ?? NaN) - (wavefront[first + i] ?? NaN);
      }
      result[k] = x * scale;
      result[corners.length + k] = y * scale;
    });
    return result;
  }

  /** The matrix that makes coefficients of Zernike modes, in nm, of slopes: the inverse of what each mode alone gives. */
  reconstructor(modes: readonly number[]): Matrix {
    const { pupil } = this;
    const responses = modes.map((j) => {
      const wavefront = new Float64Array(pupil.size ** 2);
      zernike(j, pupil).forEach((value, k) => (wavefront[pupil.points[k] ?? NaN] = value));
      return this.slopes(wavefront);
    });
    return pseudoInverse(new Matrix(responses.map((slopes) => [...slopes])).transpose());
  }

  #points(corner: number): number[] {
    return Array.from(
      { length: this.width ** 2 },
      (_, i) => corner + (i % this.width) + Math.floor(i / this.width) * this.pupil.size,
    );
  }
}
