import type { App, Doors } from '../app.js';

const tags = ['health'];

/** Whether it lives, and whether it can work. */
export function healthRoutes(app: App, { client }: Doors): void {
  app.get(
    '/healthz',
    { config: { open: true }, schema: { tags, summary: 'Whether the endpoint lives' } },
    async () => ({ status: 'ok' }),
  );

  app.get(
    '/readyz',
    { config: { open: true }, schema: { tags, summary: 'Whether Temporal and the bucket answer' } },
    async () => {
      await client.ready();
      return { status: 'ready' };
    },
  );
}
