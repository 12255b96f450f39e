/** What the server answers: the page, and what the page asks. */
import { readFileSync } from 'node:fs';
import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { streamSSE } from 'hono/streaming';
import { StowageError } from '../../base/errors.js';
import { packageFile } from '../../base/packages/home.js';
import { act } from '../answer/act.js';
import { compare, compareTags, pictureOfDifference } from '../answer/compare.js';
import { entryOf } from '../answer/entry.js';
import { gridOf, listOf } from '../answer/grid.js';
import { lineageOf } from '../answer/lineage.js';
import { Values } from '../answer/value.js';
import type { ActRequest } from '../contract/messages.js';
import type { Row } from '../watch/row.js';
import type { Watch } from '../watch/watch.js';
import { guard, session, type Door } from './guard.js';
import { FAVICON, HTML } from './html.js';

/** Something that is not there, or a question that makes no sense. */
class NotFound extends StowageError {
  constructor(what: string) {
    super('STOWAGE_NO_ENTRY', what);
  }
}

const LARGEST_REQUEST = 1 << 20;

/** A picture is opened as a document of its own: whatever is in it can do nothing. */
const PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";

export function appOf(watch: Watch, folder: string, door: Door, signal: AbortSignal): Hono {
  const values = new Values();
  const app = new Hono();
  app.use(guard(door));
  app.onError((error, c) => c.json({ error: error.message }, error instanceof NotFound ? 404 : 400));
  app.notFound((c) => c.json({ error: 'there is nothing here' }, 404));

  app.get('/', (c) => c.html(HTML));
  app.get('/page.js', (c) =>
    c.body(readFileSync(packageFile('page.js')), 200, { 'Content-Type': 'text/javascript; charset=utf-8' }),
  );
  app.get('/page.css', (c) =>
    c.body(readFileSync(packageFile('page.css')), 200, { 'Content-Type': 'text/css; charset=utf-8' }),
  );
  app.get('/icon.svg', (c) => c.body(FAVICON, 200, { 'Content-Type': 'image/svg+xml' }));
  app.post('/api/session', session(door));

  const row = (c: Context, name = 'id'): Row => {
    const id = c.req.query(name) ?? '';
    const found = watch.rows.get(id);
    // No name leads out of the folder: what is not in the list is not there.
    if (found === undefined) throw new NotFound(`there is no entry '${id}'`);
    return found;
  };
  app.get('/api/grid', (c) => c.json(gridOf(watch, folder)));
  app.get('/api/standing', (c) => c.json(watch.now().standing));
  app.get('/api/entries', (c) => {
    const { tag, method, state, text } = c.req.query();
    return c.json(listOf(watch, { tag, method, state, text }, number(c, 'from'), number(c, 'count')));
  });
  app.get('/api/entry', (c) => c.json(entryOf(watch, row(c))));
  app.get('/api/lineage', (c) => c.json(lineageOf(watch, row(c))));
  app.get('/api/value', async (c) => c.json(await values.message(row(c))));
  app.get('/api/rows', async (c) => c.json(await values.rows(row(c), number(c, 'from'), number(c, 'count'))));
  app.get('/api/picture', async (c) => svg(c, await values.picture(row(c), c.req.query('slice'))));
  app.get('/api/compare', async (c) => c.json(await compare(watch, values, row(c, 'a'), row(c, 'b'))));
  app.get('/api/difference', async (c) => svg(c, await pictureOfDifference(values, row(c, 'a'), row(c, 'b'))));
  app.get('/api/tags', (c) => c.json(compareTags(watch, [c.req.query('a') ?? '', c.req.query('b') ?? ''])));
  app.post('/api/act', bodyLimit({ maxSize: LARGEST_REQUEST }), async (c) => {
    const request = requestIn(await c.req.json());
    const rows = request.ids.map((id) => watch.rows.get(id)).filter((each) => each !== undefined);
    const message = await act(request, rows);
    if (request.isConfirmed) await watch.refresh();
    return c.json(message);
  });
  app.get('/api/events', (c) =>
    streamSSE(c, async (stream) => {
      const gone = new AbortController();
      stream.onAbort(() => {
        gone.abort();
      });
      const until = AbortSignal.any([gone.signal, signal]);
      while (!until.aborted) {
        await stream.writeSSE({ data: JSON.stringify(watch.now().standing) });
        await watch.change(until);
      }
    }),
  );
  return app;
}

function number(c: Context, name: string): number {
  const text = c.req.query(name) ?? '0';
  if (!/^\d{1,12}$/.test(text)) throw new NotFound(`'${text}' is no number of rows`);
  return Number(text);
}

function svg(c: Context, picture: string | undefined): Response {
  if (picture === undefined) throw new NotFound('there is nothing to draw');
  c.header('Content-Security-Policy', PICTURE_POLICY);
  return c.body(picture, 200, { 'Content-Type': 'image/svg+xml; charset=utf-8' });
}

function requestIn(body: unknown): ActRequest {
  const { verb, ids, isConfirmed } = (body ?? {}) as Partial<Record<keyof ActRequest, unknown>>;
  const isSensible =
    (verb === 'clear' || verb === 'prune' || verb === 'invalidate') &&
    Array.isArray(ids) &&
    ids.every((id) => typeof id === 'string') &&
    typeof isConfirmed === 'boolean';
  if (!isSensible) throw new NotFound('the request says neither what to do nor to which entries');
  return { verb, ids, isConfirmed };
}
