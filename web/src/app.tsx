import { useEffect, useRef, useState } from 'preact/hooks';
import { Home } from './home/home.js';
import { Run } from './run/run.js';
import { SignIn } from './sign-in.js';

/** The fragment of the URL: it works under any path prefix and needs no request. */
function useHash(): string {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const changed = () => setHash(location.hash);
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return hash;
}

function datasetOf(hash: string): string | undefined {
  const encoded = /^#\/datasets\/([^/]+)$/.exec(hash)?.[1];
  try {
    return encoded === undefined ? undefined : decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

export function App() {
  const hash = useHash();
  const dataset = datasetOf(hash);
  const [locked, setLocked] = useState(false);
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  const title = dataset ? `${dataset} · Curator` : 'Curator';
  useEffect(() => {
    document.title = title;
    // Focuses the heading of a new screen, so that screen readers announce it; browsers announce the first screen.
    if (!first.current) main.current?.querySelector<HTMLElement>('h1')?.focus();
    first.current = false;
  }, [title]);
  const unlock = () => setLocked(false);
  const lock = () => setLocked(true);
  return (
    <>
      <header class="top">
        <a class="brand" href="#/">
          <img src="./icon.svg" alt="" width="22" height="22" />
          Curator
        </a>
        <Connection />
      </header>
      <main ref={main}>
        {locked ? (
          <SignIn onDone={unlock} />
        ) : dataset ? (
          <Run key={dataset} dataset={dataset} onLocked={lock} />
        ) : (
          <Home onLocked={lock} />
        )}
      </main>
    </>
  );
}

function Connection() {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const changed = () => setOnline(navigator.onLine);
    addEventListener('online', changed);
    addEventListener('offline', changed);
    return () => {
      removeEventListener('online', changed);
      removeEventListener('offline', changed);
    };
  }, []);
  return (
    <span class="connection" role="status">
      {online ? '' : 'Offline: runs continue without this page'}
    </span>
  );
}
