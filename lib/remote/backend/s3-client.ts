/** One signed request to an S3 server, and its answer: in time, and no longer than it may be. */
import { hash } from 'node:crypto';
import * as http from 'node:http';
import * as https from 'node:https';
import type * as Aws4Fetch from 'aws4fetch';
import { RemoteError } from '../../base/errors.js';
import { load } from '../../base/packages/optional.js';
import { codeOf, isError, messageOf } from '../../base/thrown.js';
import type { S3Place } from '../contract/remote-options.js';

export interface S3Request {
  method: 'GET' | 'PUT' | 'HEAD' | 'DELETE';
  /** Of the object, without the remote's prefix; absent for the bucket itself. */
  name?: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: Uint8Array;
  sha256?: string;
  /** Of the answer, no more bytes than these are read. */
  most: number;
}

export interface Answer {
  status: number;
  headers: Record<string, string | undefined>;
  body: Uint8Array;
}

/** Seconds in which a server must take a connection. */
const LONGEST_CONNECT = 1;

/** Bytes of an error that are read. */
const LONGEST_ERROR = 1 << 16;

const NOTHING = hash('sha256', '', 'hex');

export class S3Client {
  private readonly agent: http.Agent;
  private readonly base: string;

  constructor(
    private readonly place: S3Place,
    private readonly timeout: number,
  ) {
    const { endpoint, bucket } = place;
    const { Agent } = endpoint.startsWith('https:') ? https : http;
    this.agent = new Agent({ keepAlive: true, maxSockets: 16 });
    const own = /^https:\/\/(s3\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?)$/.exec(endpoint)?.[1];
    // Amazon's own servers know a bucket by its host, all others by the path.
    this.base = own !== undefined && !bucket.includes('.') ? `https://${bucket}.${own}` : `${endpoint}/${bucket}`;
  }

  async ask(request: S3Request, signal: AbortSignal | undefined): Promise<Answer> {
    const first = await this.askOnce(request, signal);
    // The server let go of a connection that it had kept, at the moment at which it was used again.
    return first ?? ((await this.askOnce(request, signal)) as Answer);
  }

  /** @returns `undefined` where it is to be asked again */
  private async askOnce(request: S3Request, signal: AbortSignal | undefined): Promise<Answer | undefined> {
    const { url, headers } = await this.signed(request);
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const { request: begin } = url.protocol === 'https:' ? https : http;
      const { method, body, most } = request;
      const asked = begin(url, { method, headers, agent: this.agent, ...(signal !== undefined && { signal }) });
      const fail = (error: unknown): void => {
        if (signal?.aborted === true) reject(signal.reason as Error);
        else if (asked.reusedSocket && codeOf(error) === 'ECONNRESET') resolve(undefined);
        else reject(this.errorOf(error));
      };
      asked.setTimeout(this.timeout * 1000, () => asked.destroy(this.tooSlow('did not answer', this.timeout)));
      asked.on('socket', (socket) => {
        if (!socket.connecting) return;
        const longest = Math.min(LONGEST_CONNECT, this.timeout);
        const timer = setTimeout(() => asked.destroy(this.tooSlow('took no connection', longest)), longest * 1000);
        const stop = (): void => {
          clearTimeout(timer);
        };
        socket.once('connect', stop).once('close', stop);
      });
      asked.on('error', fail);
      asked.on('response', (response) => {
        const { statusCode: status = 0, headers: given } = response;
        // An error is said in whole.
        const longest = status === 200 ? most : Math.max(most, LONGEST_ERROR);
        const chunks: Buffer[] = [];
        let bytes = 0;
        const end = (): void => {
          resolve({ status, headers: given as Answer['headers'], body: Buffer.concat(chunks).subarray(0, longest) });
        };
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          bytes += chunk.length;
          if (bytes < longest || longest === 0) return;
          // More is of no use.
          end();
          response.destroy();
        });
        response.on('error', fail);
        response.on('end', end);
        response.on('aborted', () => {
          fail(new RemoteError('ECONNRESET', `${this.place.endpoint} ended its answer before its end`));
        });
      });
      asked.end(body);
    });
  }

  private async signed({ method, name, query, headers, body, sha256 = NOTHING }: S3Request): Promise<{
    url: URL;
    headers: Record<string, string>;
  }> {
    const path =
      name === undefined ? '' : `/${(this.place.prefix + name).split('/').map(encodeURIComponent).join('/')}`;
    const search = query === undefined ? '' : `?${new URLSearchParams(query).toString().replaceAll('+', '%20')}`;
    const { AwsV4Signer } = load<typeof Aws4Fetch>('aws4fetch');
    const signer = new AwsV4Signer({
      method,
      url: this.base + path + search,
      headers: {
        'x-amz-content-sha256': sha256,
        ...headers,
        ...(body !== undefined && { 'content-length': String(body.length) }),
      },
      service: 's3',
      region: this.place.region,
      ...this.place.credentials,
    });
    const { url, headers: all } = await signer.sign();
    return { url, headers: Object.fromEntries(all) };
  }

  private tooSlow(what: string, seconds: number): RemoteError {
    return new RemoteError('ETIMEDOUT', `${this.place.endpoint} ${what} within ${String(seconds)} s`);
  }

  private errorOf(cause: unknown): RemoteError {
    if (cause instanceof RemoteError) return cause;
    const code = codeOf(cause) ?? 'UNKNOWN';
    const errors = isError(cause) && 'errors' in cause ? (cause.errors as unknown[]) : [];
    const message = messageOf(errors[0] ?? cause);
    return new RemoteError(code, `${this.place.endpoint} is out of reach: ${message}`, { cause });
  }
}
