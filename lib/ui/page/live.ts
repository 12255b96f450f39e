/** What the server says by itself: the standing of things, whenever it changes. */
import { useEffect, useState } from 'preact/hooks';
import type { Standing } from '../contract/messages.js';

export interface Live {
  standing?: Standing;
  /** Does the server still speak? */
  isLive: boolean;
}

export function useLive(): Live {
  const [live, setLive] = useState<Live>({ isLive: true });
  useEffect(() => {
    const source = new EventSource('/api/events');
    source.onmessage = (event: MessageEvent<string>) => {
      setLive({ standing: JSON.parse(event.data) as Standing, isLive: true });
    };
    source.onerror = () => {
      setLive((last) => ({ ...last, isLive: false }));
    };
    return () => {
      source.close();
    };
  }, []);
  return live;
}
