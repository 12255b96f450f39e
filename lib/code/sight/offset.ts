/** Where in a text a place is: its line and column are counted from 0. */
export function offsetOf(text: string, line: number, column: number): number {
  const ends = /\r\n?|[\n\u2028\u2029]/g;
  for (let passed = 0; passed < line && ends.exec(text) !== null; passed++);
  return ends.lastIndex + column;
}
