import { ApiError } from '../api.js';

export interface Put {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body: Blob;
  readonly signal: AbortSignal;
  /** Called with the number of bytes of the body that were sent. */
  readonly onSent: (bytes: number) => void;
}

/** Headers that browsers set themselves and do not let a script set. */
const FORBIDDEN_HEADERS = /^(content-length|host)$/i;
/** Without progress for this time the connection counts as lost. */
const STALLED_MS = 30_000;

/** A PUT request with progress, which fetch does not report. */
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
    const lost = () => settle(() => reject(new ApiError(0, 'The connection to S3 was lost.')));
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
        else reject(new ApiError(request.status, `S3 refused the upload with status ${request.status}.`));
      });
    signal.addEventListener('abort', abort);
    request.open('PUT', url);
    for (const [name, value] of Object.entries(headers)) {
      if (!FORBIDDEN_HEADERS.test(name)) request.setRequestHeader(name, value);
    }
    request.send(body);
  });
}
