import { z } from 'zod';
import { pageUrl } from '../client/links.js';
import { watchUntilResult } from '../client/watch.js';
import type { Progress } from '../contracts/workflow-io.js';
import { callEndpoint, type RemoteEndpoint } from '../endpoint-client/call.js';
import { uploadByEndpoint } from '../endpoint-client/upload.js';
import { safeName } from '../intake/landing.js';
import { statOf } from '../lib/files.js';
import { UsageError } from '../lib/usage-error.js';
import { adviceFromEndpoint } from './advice.js';
import type { IngestRoute } from './ingest-route.js';

const startedSchema = z.object({ workflowId: z.string(), runId: z.string() });
const POLL_MS = 1_000;

/** Uploads, starts and watches a run through the HTTP endpoint, without AWS or Temporal credentials. */
export function endpointRoute(endpoint: RemoteEndpoint, home: string): IngestRoute {
  return {
    begin: async ({ dataset, settings }, input, display) => {
      if (input.kind === 'object') {
        throw new UsageError(
          '--endpoint uploads files from this machine only. Ingest an S3 object without --endpoint.',
        );
      }
      const { path, name } = input;
      const { size } = await statOf(path);
      const onProgress = (bytes: number) => display.counted('uploading', bytes, size, 'bytes');
      const key = await uploadByEndpoint({
        ...{ endpoint, path, size, dataset, onProgress },
        filename: safeName(name),
        home,
      });
      const { workflowId, runId } = await callEndpoint(endpoint, 'notify-upload', startedSchema, {
        ...{ key, dataset, settings },
      });
      return { kind: 'started', dataset, workflowId, runId, resumeHint: pageUrl(endpoint.url, dataset) };
    },
    steps: (dataset, onUnavailable) =>
      watchUntilResult(() => callEndpoint(endpoint, `datasets/${dataset}`, z.custom<Progress>()), POLL_MS, {
        onUnavailable,
      }),
    advice: (result) => adviceFromEndpoint(endpoint, result),
  };
}
