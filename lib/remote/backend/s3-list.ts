/** The page of a list that an S3 server answers with. */
import type { Listed } from '../contract/backend.js';

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** @returns the objects of the page, and what the next one is asked for with, if there is one */
export function readPage(xml: string): { objects: Listed[]; next: string | undefined } {
  const isEncoded = textIn(xml, 'EncodingType') === 'url';
  const objects = [...xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)].map(([, inner = '']): Listed => {
    const key = textIn(inner, 'Key') ?? '';
    return {
      name: isEncoded ? decoded(key) : key,
      bytes: Number(textIn(inner, 'Size') ?? 0),
      modifiedAt: (Date.parse(textIn(inner, 'LastModified') ?? '') || 0) / 1000,
    };
  });
  const next = textIn(xml, 'IsTruncated') === 'true' ? textIn(xml, 'NextContinuationToken') : undefined;
  return { objects, next };
}

function textIn(xml: string, element: string): string | undefined {
  const inner = new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1];
  return inner?.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, digits?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    return String.fromCodePoint(hex === undefined ? Number(digits) : Number.parseInt(hex, 16));
  });
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', '%20'));
  } catch {
    return key;
  }
}
