/** The page of `stowage ui`. */
import { render, type VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Standing, State } from '../contract/messages.js';
import { humanBytes } from '../../base/text/human.js';
import { begin } from './api.js';
import { CompareView } from './compare-view.js';
import { ComputingView } from './computing-view.js';
import { EntryView } from './entry-view.js';
import { GridView } from './grid-view.js';
import { LineageView } from './lineage-view.js';
import { ListView } from './list-view.js';
import { useLive } from './live.js';
import { linkTo, useRoute, type Route } from './route.js';
import { STATES } from './state-mark.js';

const VIEWS: readonly (readonly [view: string, title: string])[] = [
  ['', 'Results'],
  ['entries', 'Entries'],
  ['compare', 'Compare'],
  ['computing', 'Computing'],
];

function Page(): VNode {
  const route = useRoute();
  const { standing, isLive } = useLive();
  const version = useSlowly(standing?.version ?? 0, standing?.isComplete ?? false);
  useEffect(() => {
    document.title = `Stowage${route.view === '' ? '' : `: ${route.view}`}`;
  }, [route.view]);
  return (
    <>
      <header>
        <h1>Stowage</h1>
        <nav aria-label="Views">
          {VIEWS.map(([view, title]) => (
            <a key={view} href={linkTo(view)} {...(route.view === view && { 'aria-current': 'page' as const })}>
              {title}
            </a>
          ))}
        </nav>
        <Legend standing={standing} isLive={isLive} />
      </header>
      <main>
        <View route={route} version={version} standing={standing} />
      </main>
    </>
  );
}

/** While records are first read, views are not asked for anew with each of them. */
function useSlowly(version: number, isComplete: boolean): number {
  const [shown, setShown] = useState(version);
  useEffect(() => {
    if (isComplete || shown === 0) {
      setShown(version);
      return undefined;
    }
    const timer = setTimeout(() => {
      setShown(version);
    }, 1000);
    return () => {
      clearTimeout(timer);
    };
  }, [version, isComplete]);
  return shown;
}

function View({
  route: { view, query },
  version,
  standing,
}: {
  route: Route;
  version: number;
  standing: Standing | undefined;
}): VNode {
  const { id = '' } = query;
  switch (view) {
    case '':
      return <GridView version={version} />;
    case 'entries':
      return <ListView query={query} version={version} />;
    case 'entry':
      return <EntryView id={id} version={version} />;
    case 'lineage':
      return <LineageView id={id} version={version} />;
    case 'compare':
      return <CompareView query={query} version={version} />;
    case 'computing':
      return <ComputingView standing={standing} version={version} />;
    default:
      return <p role="alert">There is no view '{view}'.</p>;
  }
}

function Legend({ standing, isLive }: { standing: Standing | undefined; isLive: boolean }): VNode {
  const known = (Object.keys(STATES) as State[]).filter((state) => standing?.states[state] !== undefined);
  return (
    <p class="legend" role="status">
      {known.map((state) => (
        <a key={state} class={`state ${state}`} href={linkTo('entries', { state })}>
          <span aria-hidden="true">{STATES[state][0]}</span> {standing?.states[state]} {STATES[state][1]}
        </a>
      ))}
      {standing !== undefined && (
        <span>
          {standing.entries} entries, {humanBytes(standing.bytes)}
        </span>
      )}
      {standing?.isComplete === false && <span>reading records…</span>}
      {standing !== undefined && standing.computing.length > 0 && (
        <span>{standing.computing.length} being computed</span>
      )}
      {!isLive && <strong>the server has ended</strong>}
    </p>
  );
}

const root = document.getElementById('page');
if (root !== null) {
  begin().then(
    () => {
      root.replaceChildren();
      render(<Page />, root);
    },
    (error: unknown) => {
      root.replaceChildren();
      render(<p role="alert">{error instanceof Error ? error.message : String(error)}</p>, root);
    },
  );
}
