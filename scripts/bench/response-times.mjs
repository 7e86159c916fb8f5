// How fast the emulator and the endpoint of a local stack respond to small requests.
import { setTimeout as delay } from 'node:timers/promises';
import { DescribeProjectsCommand, RekognitionClient } from '@aws-sdk/client-rekognition';

/** Time between two requests. */
const PAUSE_MS = 20;

/**
 * Sends small requests to both until `stop`, or until one fails because the stack stops. Returns the requests of each: `at` is
 * the time at which a request was sent, as of `performance.now()`, and `ms` the milliseconds until its response had arrived.
 */
export async function responseTimes({ s3, rekognition, endpoint }, stop) {
  const client = new RekognitionClient({
    region: s3.region,
    endpoint: rekognition.endpoint,
    credentials: { accessKeyId: s3.accessKeyId, secretAccessKey: s3.secretAccessKey },
    maxAttempts: 1,
  });
  const describe = () => client.send(new DescribeProjectsCommand({}));
  const health = async () => await (await fetch(`${endpoint.url}/healthz`)).text();
  const [ofEmulator, ofEndpoint] = await Promise.all([repeat(describe, stop), repeat(health, stop)]);
  client.destroy();
  return { emulator: ofEmulator, endpoint: ofEndpoint };
}

async function repeat(request, stop) {
  const requests = [];
  while (!stop.aborted) {
    const at = performance.now();
    try {
      await request();
    } catch {
      // The stack stops before the command prints its result.
      break;
    }
    requests.push({ at, ms: performance.now() - at });
    await delay(PAUSE_MS);
  }
  return requests;
}
