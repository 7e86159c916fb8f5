import { connect } from '../connect.js';
import { createPresignClient } from '../storage/presign.js';
import { createEndpoint } from './server.js';
import { tokensOf } from './tokens.js';

/** Serves the endpoint until SIGINT or SIGTERM. */
export async function runEndpoint(
  env: NodeJS.ProcessEnv,
  { host, port }: { host: string; port: number },
): Promise<void> {
  const tokens = tokensOf(env, host);
  const { client, close } = await connect(env);
  const server = await createEndpoint({
    client,
    presignClient: createPresignClient(env),
    tokens,
    log: process.stderr,
  });
  const url = await server.listen({ host, port });
  process.stdout.write(`${JSON.stringify({ ready: true, url })}\n`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  await server.close();
  await close();
}
