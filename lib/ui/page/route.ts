/** What is shown, as the address says it: `#/entry?id=…`. */
import { useEffect, useState } from 'preact/hooks';

export interface Route {
  view: string;
  query: Readonly<Record<string, string>>;
}

export function linkTo(view: string, query: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.entries(query).filter(
    (pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '',
  );
  const text = new URLSearchParams(given).toString();
  return `#/${view}${text === '' ? '' : `?${text}`}`;
}

export function go(view: string, query: Readonly<Record<string, string | undefined>> = {}): void {
  location.hash = linkTo(view, query);
}

function routeNow(): Route {
  const [, view = '', text = ''] = /^#\/([a-z]*)(?:\?(.*))?$/.exec(location.hash) ?? [];
  return { view, query: Object.fromEntries(new URLSearchParams(text)) };
}

export function useRoute(): Route {
  const [route, setRoute] = useState(routeNow);
  useEffect(() => {
    const change = (): void => {
      setRoute(routeNow());
    };
    addEventListener('hashchange', change);
    return () => {
      removeEventListener('hashchange', change);
    };
  }, []);
  return route;
}
