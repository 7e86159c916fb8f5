import type { App, RouteDeps } from '../app.js';
import { problems } from '../describe-responses.js';
import { statusSchema } from '../schemas.js';

const tags = ['health'];

/** Liveness and readiness checks. */
export function healthRoutes(app: App, { client }: RouteDeps): void {
  app.get(
    '/healthz',
    {
      // Others at the address of the caller, such as a proxy, must not make a live endpoint look dead.
      config: { open: true, rateLimit: false },
      schema: { tags, summary: 'Liveness check', response: { 200: statusSchema('ok') } },
    },
    async () => ({ status: 'ok' as const }),
  );

  app.get(
    '/readyz',
    {
      config: { open: true },
      schema: {
        tags,
        summary: 'Readiness check: Temporal and the bucket respond',
        response: { 200: statusSchema('ready'), ...problems(503) },
      },
    },
    async () => {
      await client.ready();
      return { status: 'ready' as const };
    },
  );
}
