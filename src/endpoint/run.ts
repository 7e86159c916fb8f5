import { connect } from '../client/connect.js';
import { workflowUrl } from '../client/workflow-url.js';
import { Intake, intakeDefaults } from '../intake/intake.js';
import { UsageError } from '../lib/usage-error.js';
import { ModelRunner } from '../models/model-runner.js';
import { PhotoDetector } from '../models/photo-detector.js';
import { createPresignClient } from '../storage/presign.js';
import { createRekognitionClient } from '../training/client.js';
import { Trainer } from '../training/trainer.js';
import { createEndpoint } from './server.js';
import { originsOf, tokensOf } from './tokens.js';

/** Serves the endpoint until SIGINT or SIGTERM. */
export async function runEndpoint(
  env: NodeJS.ProcessEnv,
  { host, port, basePath }: { host: string; port: number; basePath: string },
): Promise<void> {
  const tokens = tokensOf(env, host);
  const origins = originsOf(env);
  const defaults = intakeDefaults(env);
  const { client, close } = await connect(env);
  const rekognition = createRekognitionClient(env);
  const server = await createEndpoint({
    intake: new Intake(client, defaults),
    presignClient: createPresignClient(env),
    detector: new PhotoDetector(client, new ModelRunner(rekognition), new Trainer(rekognition, env)),
    tokens,
    origins,
    basePath,
    workflowUrl: (run) => workflowUrl(env, run),
    log: process.stderr,
  });
  const url = await server.listen({ host, port }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new UsageError(`Port ${port} of ${host} is taken: end what listens there, or give another --port.`);
  });
  process.stdout.write(`${JSON.stringify({ ready: true, url: `${url}${basePath}` })}\n`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  await server.close();
  await close();
}
