/** Two entries, or two tags, beside each other. */
import type { VNode } from 'preact';
import type {
  CompareMessage,
  CompareTagsMessage,
  EntriesMessage,
  EntryMessage,
  GridMessage,
} from '../contract/messages.js';
import { addressOf, useAnswer } from './api.js';
import { go, linkTo, type Route } from './route.js';
import { Facts } from './value-view.js';
import { VirtualGrid } from './virtual-grid.js';

export function CompareView({
  query: { a, b, one, other },
  version,
}: {
  query: Route['query'];
  version: number;
}): VNode {
  if (a === undefined) return <Tags one={one} other={other} version={version} />;
  return (
    <>
      <Choice a={a} b={b} version={version} />
      {b !== undefined && <Entries a={a} b={b} version={version} />}
    </>
  );
}

const MOST_CHOICES = 500;

/** Other results of the method, and its earlier versions. */
function Choice({ a, b, version }: { a: string; b: string | undefined; version: number }): VNode {
  const { value: entry, error } = useAnswer<EntryMessage>('entry', { id: a }, version);
  const method = entry?.row.method ?? '';
  const { value: others } = useAnswer<EntriesMessage>('entries', { method, from: 0, count: MOST_CHOICES }, version);
  if (error !== undefined) return <p role="alert">{error}</p>;
  const choices = [...(entry?.versions ?? []), ...(others?.rows ?? [])].filter(({ id }) => id !== a);
  const known = new Map(choices.map((each) => [each.id, each]));
  return (
    <>
      <h2>
        {method} of {entry?.row.tag}
      </h2>
      <form
        class="search"
        onSubmit={(event) => {
          event.preventDefault();
        }}
      >
        <label>
          beside{' '}
          <select
            value={b ?? ''}
            onChange={(event) => {
              go('compare', { a, b: event.currentTarget.value });
            }}
          >
            <option value="">choose…</option>
            {[...known.values()].map((each) => (
              <option key={each.id} value={each.id}>
                {`${each.tag} ${each.arguments}${each.version === undefined ? '' : ` earlier version ${each.version}`}`}
              </option>
            ))}
          </select>
        </label>
        <a href={linkTo('entry', { id: a })}>Back to the entry</a>
      </form>
    </>
  );
}

function Entries({ a, b, version }: { a: string; b: string; version: number }): VNode {
  const { value, error } = useAnswer<CompareMessage>('compare', { a, b }, version);
  if (error !== undefined) return <p role="alert">{error}</p>;
  if (value === undefined) return <p class="quiet">Reading both…</p>;
  return (
    <article>
      <table>
        <caption>What differs</caption>
        <tbody>
          {value.facts.map(([name, one, other]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{one}</td>
              <td>{other}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">code</th>
            <td colSpan={2}>{value.code.length === 0 ? 'the same' : value.code.join(', ')}</td>
          </tr>
        </tbody>
      </table>
      <Facts of={value.difference} />
      {value.hasPicture && (
        <figure>
          <img src={addressOf('difference', { a, b, version })} alt="Picture of the second minus the first" />
        </figure>
      )}
    </article>
  );
}

function Tags({
  one = '',
  other = '',
  version,
}: {
  one: string | undefined;
  other: string | undefined;
  version: number;
}): VNode {
  const { value: grid } = useAnswer<GridMessage>('grid', {}, version);
  const { value } = useAnswer<CompareTagsMessage>('tags', { a: one, b: other }, version);
  const choose = (change: Record<string, string>): void => {
    go('compare', { one, other, ...change });
  };
  return (
    <>
      <form
        class="search"
        onSubmit={(event) => {
          event.preventDefault();
        }}
      >
        {(['one', 'other'] as const).map((name) => (
          <label key={name}>
            {name === 'one' ? 'Tag' : 'beside'}{' '}
            <select
              value={name === 'one' ? one : other}
              onChange={(event) => {
                choose({ [name]: event.currentTarget.value });
              }}
            >
              <option value="">choose…</option>
              {grid?.tags.map((tag) => (
                <option key={tag} value={tag}>
                  {tag}
                </option>
              ))}
            </select>
          </label>
        ))}
      </form>
      {one !== '' && other !== '' && (
        <VirtualGrid
          label="Compared"
          rowCount={value?.rows.length ?? 0}
          columns={[
            { head: 'Method', width: 260 },
            { head: 'Arguments', width: 200 },
            { head: 'Values', width: 180 },
          ]}
          cell={(row, column) => {
            const { method, arguments: args, verdict } = value?.rows[row] ?? {};
            return [method, args, verdict][column];
          }}
          onOpen={(row) => {
            const pair = value?.pairs[row];
            if (pair) go('compare', { a: pair[0], b: pair[1] });
          }}
        />
      )}
    </>
  );
}
