/** The public client: starts, follows, decides and cancels runs. See `client/` for what stands behind it. */
export { CuratorClient, type Deadlines } from './client/curator-client.js';
export { NoRunError, RefusedError, UnavailableError } from './client/errors.js';
export type { StartedRun, StartRequest } from './client/requests.js';
