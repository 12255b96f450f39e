/** What is being computed now, and how much of what could be there is there. */
import type { VNode } from 'preact';
import type { GridMessage, Standing } from '../contract/messages.js';
import { humanSeconds } from '../../base/text/human.js';
import { useAnswer } from './api.js';
import { moment } from './moment.js';

export function ComputingView({ standing, version }: { standing: Standing | undefined; version: number }): VNode {
  const { value } = useAnswer<GridMessage>('grid', {}, version);
  const computing = standing?.computing ?? [];
  const most = value?.tags.length ?? 0;
  const counts = value?.methods.map((method, at) => ({
    method,
    count: value.cells.filter(([, cell]) => cell === at).length,
  }));
  return (
    <article>
      <h2>Computing now: {computing.length}</h2>
      <table>
        <caption class="unseen">Results that are being computed</caption>
        <thead>
          <tr>
            {['Tag', 'Method', 'Since', 'Where'].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {computing.map(({ tag, method, since, where }) => (
            <tr key={`${tag}\0${method}\0${where}`}>
              <td>{tag}</td>
              <td>{method}</td>
              <td>{moment(since)}</td>
              <td>{where}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h2>Tags that have it</h2>
      <ul class="progress">
        {counts?.map(({ method, count }) => (
          <li key={method}>
            <label>
              {method} <progress value={count} max={most} /> {count} of {most}
            </label>
          </li>
        ))}
      </ul>
      {standing !== undefined && (
        <p class="quiet">
          All that is stored took {humanSeconds(standing.seconds)} to compute, what each was made of included.
        </p>
      )}
    </article>
  );
}
