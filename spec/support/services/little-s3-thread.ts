/**
 * A server that speaks as much of S3 as is needed, in a thread of its own, since who asks it may sleep meanwhile. It checks no
 * signatures; it counts, and it fails as it is told.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort } from 'node:worker_threads';
import type { Behaviour, FromLittleS3, ToLittleS3 } from './little-s3.js';

const objects = new Map<string, { body: Buffer; at: Date }>();
const seen: string[] = [];
let behaviour: Behaviour = {};

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    answer(request, response, Buffer.concat(chunks));
  });
});

function answer(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const { method = '', url = '', headers } = request;
  const { pathname, searchParams } = new URL(url, 'http://here');
  const key = decodeURIComponent(pathname).replace(/^\/[^/]*\/?/, '');
  seen.push(`${method} ${key === '' ? `?${searchParams.get('prefix') ?? ''}` : key}`);
  const { status, silent, conditions = true, cut } = behaviour;
  if (silent === true) return;
  const isMeant = behaviour.method === undefined || behaviour.method === method;
  if (status !== undefined && isMeant && (behaviour.times ??= Infinity) > 0) {
    behaviour.times--;
    response.writeHead(status).end(`<Error><Code>Told</Code><Message>told to</Message></Error>`);
    return;
  }
  if (key === '') {
    list(searchParams, response);
    return;
  }
  const object = objects.get(key);
  if (method === 'PUT') {
    const isConditional = headers['if-none-match'] === '*';
    if (isConditional && conditions === 'unknown')
      response.writeHead(501).end('<Error><Code>NotImplemented</Code></Error>');
    else if (isConditional && conditions === true && object !== undefined) response.writeHead(412).end();
    else {
      objects.set(key, { body, at: new Date() });
      response.writeHead(200).end();
    }
  } else if (object === undefined) {
    response
      .writeHead(method === 'DELETE' ? 204 : 404)
      .end(method === 'GET' ? '<Error><Code>NoSuchKey</Code></Error>' : '');
  } else if (method === 'DELETE') {
    objects.delete(key);
    response.writeHead(204).end();
  } else {
    const { length } = object.body;
    response.writeHead(200, { 'content-length': length, 'last-modified': object.at.toUTCString() });
    if (method === 'HEAD') response.end();
    else if (cut === undefined) response.end(object.body);
    else {
      // The connection ends in the middle.
      response.write(object.body.subarray(0, cut), () => response.destroy());
    }
  }
}

/** Pages are short, so that there are several. */
const PAGE = 3;

function list(query: URLSearchParams, response: ServerResponse): void {
  const prefix = query.get('prefix') ?? '';
  const after = query.get('continuation-token') ?? '';
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
  const page = keys.slice(0, behaviour.page ?? PAGE);
  const isTruncated = page.length < keys.length;
  const contents = page.map((key) => {
    const { body, at } = objects.get(key) as { body: Buffer; at: Date };
    return `<Contents><Key>${encodeURIComponent(key)}</Key><LastModified>${at.toISOString()}</LastModified><Size>${String(body.length)}</Size></Contents>`;
  });
  const next = isTruncated ? `<NextContinuationToken>${String(page.at(-1))}</NextContinuationToken>` : '';
  response
    .writeHead(200)
    .end(
      `<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>${String(isTruncated)}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`,
    );
}

parentPort?.on('message', ({ id, ...message }: ToLittleS3) => {
  const { behave, change } = message;
  if (behave !== undefined) behaviour = behave;
  for (const [key, body] of Object.entries(change ?? {})) {
    if (body === null) objects.delete(key);
    else objects.set(key, { body: Buffer.from(body), at: new Date() });
  }
  const told: FromLittleS3 = {
    id,
    seen: seen.splice(0),
    objects: Object.fromEntries([...objects].map(([key, { body }]) => [key, new Uint8Array(body)])),
  };
  parentPort?.postMessage(told);
});

server.listen(0, '127.0.0.1', () => {
  parentPort?.postMessage((server.address() as AddressInfo).port);
});
