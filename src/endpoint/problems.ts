/** An error as RFC 9457 has it; the detail is for people. */
export class Problem extends Error {
  constructor(
    readonly status: 400 | 401 | 404 | 409 | 413 | 429 | 500 | 503,
    detail: string,
  ) {
    super(detail);
  }
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  409: 'Conflict',
  413: 'Content Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

export function problemDocument(status: number, detail: string) {
  return { type: 'about:blank', title: TITLES[status] ?? 'Error', status, detail };
}
