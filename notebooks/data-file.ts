/** A file of notebooks/data, whose README says where each comes from; compiled, this module is in build/notebooks. */
export function dataFile(name: string): URL {
  return new URL(`../../notebooks/data/${name}`, import.meta.url);
}
