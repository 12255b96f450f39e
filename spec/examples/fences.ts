/** A fenced code block of a Markdown text. */
export interface Fence {
  /** What stands behind the opening fence: `ts ignore`. */
  info: string;
  /** Line of the first line of the content, counted from 1. */
  line: number;
  content: string[];
  /** Only blank lines stand between the block before this one and this one. */
  followsFence: boolean;
}

const opening = /^(?<indent> *)(?<marks>`{3,}|~{3,})(?<info>.*)$/;

/**
 * The fenced blocks of a text, in order, by CommonMark's rules: a block ends at a fence of the same character that is
 * at least as long as its own, so a block may show another one. The opening fence's indentation is taken off.
 *
 * @throws Error where a block is never closed
 */
export function fences(text: string): Fence[] {
  const lines = text.split(/\r?\n/);
  const found: Fence[] = [];
  let followsFence = false;
  for (let at = 0; at < lines.length; at++) {
    const { indent = '', marks, info = '' } = opening.exec(lines[at] ?? '')?.groups ?? {};
    if (marks === undefined) {
      followsFence &&= lines[at]?.trim() === '';
      continue;
    }
    const end = lines.findIndex((line, index) => index > at && closes(line, marks));
    if (end === -1) throw new Error(`the block that opens at line ${at + 1} is never closed`);
    const content = lines.slice(at + 1, end).map((line) => dedent(line, indent.length));
    found.push({ info: info.trim(), line: at + 2, content, followsFence });
    followsFence = true;
    at = end;
  }
  return found;
}

function closes(line: string, marks: string): boolean {
  const trimmed = line.trim();
  return trimmed.length >= marks.length && trimmed === marks.charAt(0).repeat(trimmed.length);
}

function dedent(line: string, width: number): string {
  const own = line.length - line.trimStart().length;
  return line.slice(Math.min(own, width));
}
