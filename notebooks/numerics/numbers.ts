/** What simple-statistics reads: it asks for `length`, indices and `slice` alone, though its types say `number[]`. */
export function numbers(array: Float64Array | Int16Array): number[] {
  return array as unknown as number[];
}
