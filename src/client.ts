/** The public client: starts, watches, approves and cancels runs. Its parts are in `client/`. */
export { CuratorClient, type Deadlines } from './client/curator-client.js';
export { NoRunError, RefusedError, UnavailableError } from './client/errors.js';
export type { StartedRun, StartRequest } from './client/requests.js';
