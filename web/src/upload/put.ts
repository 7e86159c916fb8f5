import { ApiError } from '../api.js';

export interface Put {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body: Blob;
  readonly signal: AbortSignal;
  /** Bytes of this body that are sent so far. */
  readonly onSent: (bytes: number) => void;
}

/** Sets by itself, and refuses to be told. */
const FORBIDDEN_HEADERS = /^(content-length|host)$/i;
/** No byte moved for so long: the connection is gone, though nobody said so. */
const STALLED_MS = 30_000;

/** A PUT that says how far it is, which fetch can't. */
export function put({ url, headers = {}, body, signal, onSent }: Put): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    let stalled = setTimeout(abort, STALLED_MS);
    const settle = (end: () => void) => {
      clearTimeout(stalled);
      signal.removeEventListener('abort', abort);
      end();
    };
    const lost = () => settle(() => reject(new ApiError(0, 'The connection to the store was lost.')));
    request.upload.onprogress = ({ loaded }) => {
      clearTimeout(stalled);
      stalled = setTimeout(abort, STALLED_MS);
      onSent(loaded);
    };
    request.onerror = lost;
    request.onabort = lost;
    request.onload = () =>
      settle(() => {
        if (request.status >= 200 && request.status < 300) resolve();
        else reject(new ApiError(request.status, `The store answered ${request.status}.`));
      });
    signal.addEventListener('abort', abort);
    request.open('PUT', url);
    for (const [name, value] of Object.entries(headers)) {
      if (!FORBIDDEN_HEADERS.test(name)) request.setRequestHeader(name, value);
    }
    request.send(body);
  });
}
