/** A reader of XML, strict as far as a picture needs it. */

const token =
  /<\?[^]*?\?>|<!--(?:(?!--)[^])*-->|<!DOCTYPE[^>[]*>|<\/([\w:.-]+)\s*>|<([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/gy;
const illegal =
  // eslint-disable-next-line no-control-regex -- what XML 1.0 has no place for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const bareAmpersand = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)/;
const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * The text of each element of some name, in document order.
 * @throws Error where the text is not well-formed XML: elements that do not nest, bare ampersands, illegal characters
 */
export function textsOf(xml: string, element: string): string[] {
  if (illegal.test(xml)) throw new Error('a character that XML does not allow');
  if (bareAmpersand.test(xml)) throw new Error('an ampersand that begins no entity');
  const open: string[] = [];
  const texts: string[] = [];
  let at = 0;
  let roots = 0;
  for (const match of xml.matchAll(token)) {
    if (match.index !== at) break;
    at += match[0].length;
    const [, closed, opened, , isEmpty, text] = match;
    if (opened !== undefined) {
      if (open.length === 0) roots++;
      if (opened === element) texts.push('');
      if (isEmpty === '') open.push(opened);
    } else if (closed !== undefined) {
      if (open.pop() !== closed) throw new Error(`</${closed}> at ${at} closes another element`);
    } else if (text !== undefined && open.at(-1) === element) {
      texts.push(`${texts.pop() ?? ''}${decoded(text)}`);
    }
  }
  if (at !== xml.length) throw new Error(`not XML at ${at}: ${xml.slice(at, at + 40)}`);
  if (open.length > 0 || roots !== 1) throw new Error(`${roots} root elements, ${open.length} not closed`);
  return texts;
}

function decoded(text: string): string {
  return text.replace(/&(#x)?(#)?(\w+);/g, (_, hexadecimal, decimal, name: string) => {
    if (hexadecimal !== undefined) return String.fromCodePoint(parseInt(name, 16));
    return decimal === undefined ? (named[name] ?? '') : String.fromCodePoint(Number(name));
  });
}
