import { connect } from '../client/connect.js';
import { workflowUrl } from '../client/links.js';
import type { Configuration } from '../config/configuration.js';
import { Intake, intakeDefaults } from '../intake/intake.js';
import { UsageError } from '../lib/usage-error.js';
import { ModelRunner } from '../models/model-runner.js';
import { PhotoDetector } from '../models/photo-detector.js';
import { createPresignClient } from '../storage/presign.js';
import { createRekognitionClient } from '../training/client.js';
import { Trainer } from '../training/trainer.js';
import { createEndpoint } from './server.js';
import { assertProtected } from './tokens.js';

/** Serves the endpoint until SIGINT or SIGTERM. */
export async function runEndpoint(
  configuration: Configuration,
  { host, port, basePath }: { host: string; port: number; basePath: string },
): Promise<void> {
  const { environment } = configuration;
  const { aws, trainer, hourlyRates, endpoint, temporal } = environment;
  assertProtected(endpoint.tokens, host);
  const defaults = intakeDefaults(configuration);
  const { client, close } = await connect(environment);
  const rekognition = createRekognitionClient(aws, trainer);
  const server = await createEndpoint({
    intake: new Intake(client, defaults),
    presignClient: createPresignClient(aws),
    detector: new PhotoDetector(
      client,
      new ModelRunner(rekognition),
      new Trainer(rekognition, { rates: hourlyRates }),
    ),
    tokens: endpoint.tokens,
    origins: endpoint.corsOrigins,
    trustedProxies: endpoint.trustedProxies,
    basePath,
    workflowUrl: (run) => workflowUrl(temporal, run),
    log: process.stderr,
  });
  const url = await server.listen({ host, port }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new UsageError(`Port ${port} of ${host} is in use: stop that process, or set another --port.`);
  });
  process.stdout.write(`${JSON.stringify({ ready: true, url: `${url}${basePath}` })}\n`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  await server.close();
  await close();
}
