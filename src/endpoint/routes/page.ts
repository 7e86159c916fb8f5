import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { App } from '../app.js';
import { Problem } from '../problems.js';

/** The web page: the names of its files contain a hash, except for the files that refer to them, such as index.html. */
export async function pageRoutes(app: App, folder: string): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) {
    app.get('/', { config: { open: true }, schema: { hide: true } }, () => {
      throw new Problem(404, 'The page is not built: run `npm run build`. The API is described at docs.');
    });
    return;
  }
  await app.register(fastifyStatic, {
    root: folder,
    serve: false,
    cacheControl: false,
    setHeaders: (response, path) => {
      const isHashed = path.startsWith(join(folder, 'assets'));
      response.setHeader('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  app.get<{ Params: { '*': string } }>(
    '/*',
    { config: { open: true }, schema: { hide: true } },
    async ({ params }, reply) => await reply.sendFile(params['*'] || 'index.html'),
  );
}
