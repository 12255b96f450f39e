/** A remote in a bucket of an S3 server: the few requests that all such servers have in common. */
import { hash } from 'node:crypto';
import { RemoteError } from '../../base/errors.js';
import type { Asking, Backend, Listed, Putting } from '../contract/backend.js';
import type { S3Place } from '../contract/remote-options.js';
import { S3Client, type Answer, type S3Request } from './s3-client.js';
import { readPage } from './s3-list.js';

/** Keys are one path; of a list, no more than this is read. */
const LONGEST_PAGE = 1 << 24;

export class S3Backend implements Backend {
  readonly url: string;
  private readonly client: S3Client;
  /** Does the server know conditions, as far as one has been tried? */
  private knowsConditions = true;

  /** @param timeout seconds in which something must happen */
  constructor(
    private readonly place: S3Place,
    timeout: number,
  ) {
    this.url = `s3://${place.bucket}/${place.prefix}`.replace(/\/$/, '');
    this.client = new S3Client(place, timeout);
  }

  async get(name: string, most: number, { signal }: Asking = {}): Promise<Uint8Array | undefined> {
    const answer = await this.ask({ method: 'GET', name, most: most + 1 }, signal);
    if (answer.status === 200) return answer.body;
    if (isMissing(answer)) return undefined;
    throw this.errorOf(answer, `reading ${name}`);
  }

  async put(name: string, bytes: Uint8Array, { ifAbsent = false, signal }: Putting = {}): Promise<boolean> {
    const isConditional = ifAbsent && this.knowsConditions;
    const request: S3Request = { method: 'PUT', name, body: bytes, sha256: hash('sha256', bytes, 'hex'), most: 0 };
    if (isConditional) request.headers = { 'if-none-match': '*' };
    const answer = await this.ask(request, signal);
    if (answer.status === 200) return true;
    // 409: another is just putting it.
    if (isConditional && (answer.status === 412 || answer.status === 409)) return false;
    if (isConditional && (answer.status === 501 || codeIn(answer) === 'NotImplemented')) {
      this.knowsConditions = false;
      return this.put(name, bytes, { ifAbsent, ...(signal !== undefined && { signal }) });
    }
    throw this.errorOf(answer, `putting ${name}`);
  }

  async *list(prefix: string, { signal }: Asking = {}): AsyncGenerator<Listed> {
    let token: string | undefined;
    do {
      const query: Record<string, string> = {
        'encoding-type': 'url',
        'list-type': '2',
        prefix: this.place.prefix + prefix,
      };
      if (token !== undefined) query['continuation-token'] = token;
      const answer = await this.ask({ method: 'GET', query, most: LONGEST_PAGE }, signal);
      if (answer.status !== 200) throw this.errorOf(answer, `listing ${prefix}`);
      const page = readPage(Buffer.from(answer.body).toString());
      for (const { name, ...rest } of page.objects) {
        if (name.startsWith(this.place.prefix)) yield { name: name.slice(this.place.prefix.length), ...rest };
      }
      token = page.next;
    } while (token !== undefined);
  }

  async head(name: string, { signal }: Asking = {}): Promise<Listed | undefined> {
    const answer = await this.ask({ method: 'HEAD', name, most: 0 }, signal);
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw this.errorOf(answer, `looking at ${name}`);
    const { 'content-length': bytes = '0', 'last-modified': modified = '' } = answer.headers;
    return { name, bytes: Number(bytes), modifiedAt: (Date.parse(modified) || 0) / 1000 };
  }

  async delete(name: string, { signal }: Asking = {}): Promise<void> {
    const answer = await this.ask({ method: 'DELETE', name, most: 0 }, signal);
    if (answer.status !== 204 && answer.status !== 200 && answer.status !== 404)
      throw this.errorOf(answer, `deleting ${name}`);
  }

  private ask(request: S3Request, signal: AbortSignal | undefined): Promise<Answer> {
    return this.client.ask(request, signal);
  }

  private errorOf(answer: Answer, doing: string): RemoteError {
    const { status, body } = answer;
    const code = codeIn(answer) ?? '';
    const message = /<Message>([^<]*)<\/Message>/.exec(Buffer.from(body).toString())?.[1] ?? '';
    const said = [String(status), code, message].filter((part) => part !== '').join(' ');
    return new RemoteError(
      String(status),
      `${this.url}: ${doing}: the server at ${this.place.endpoint} said ${said}${adviceFor(status, code)}`,
    );
  }
}

function isMissing(answer: Answer): boolean {
  // Without a bucket, nothing would ever be found, and nobody would know.
  return answer.status === 404 && codeIn(answer) !== 'NoSuchBucket';
}

function codeIn({ body }: Answer): string | undefined {
  return /<Code>([^<]*)<\/Code>/.exec(Buffer.from(body).toString())?.[1];
}

function adviceFor(status: number, code: string): string {
  if (code === 'NoSuchBucket') return ': make the bucket, or name another';
  if (code === 'RequestTimeTooSkewed') return ": set this host's clock";
  if (status === 403) return ': check the credentials, and what they allow';
  if (status === 301 || status === 307) return ': the bucket is in another region: say which';
  return '';
}
