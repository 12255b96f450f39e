/** Linear least squares by QR decomposition (Golub and Van Loan, *Matrix Computations*, section 5.3). */
import { Matrix, QrDecomposition } from 'ml-matrix';

/** A function of time that a model adds up, times a coefficient to be found. */
export type Term = (time: number) => number;

export interface Fit {
  /** One for each term, in the order of the terms. */
  coefficients: Float64Array;
  /** What the model leaves unexplained, one for each value. */
  residuals: Float64Array;
}

/** Finds the coefficients for which Σ coefficient × term(time) is nearest to the values, in the sum of squares. */
export function leastSquares(times: Float64Array, values: Float64Array, terms: readonly Term[]): Fit {
  const design = new Matrix(Array.from(times, (time) => terms.map((term) => term(time))));
  const solution = new QrDecomposition(design).solve(Matrix.columnVector(values));
  const model = design.mmul(solution);
  return {
    coefficients: Float64Array.from(terms, (_, row) => solution.get(row, 0)),
    residuals: values.map((value, row) => value - model.get(row, 0)),
  };
}

/** 1, t, t² … up to a degree, with t counted from `origin`: powers of the year 2000 would drown the rest. */
export function polynomial(degree: number, origin: number): Term[] {
  return Array.from({ length: degree + 1 }, (_, power) => (time: number) => (time - origin) ** power);
}

/** Cosine and sine of 1, 2 … `count` waves a unit of time. */
export function harmonics(count: number): Term[] {
  return Array.from({ length: count }, (_, index) => 2 * Math.PI * (index + 1)).flatMap((pulsation): Term[] => [
    (time) => Math.cos(pulsation * time),
    (time) => Math.sin(pulsation * time),
  ]);
}
