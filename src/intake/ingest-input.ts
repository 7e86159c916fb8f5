import type { CuratorClient } from '../client/curator-client.js';
import { RefusedError } from '../client/errors.js';
import type { StartedRun, StartRequest } from '../client/requests.js';
import type { Input } from '../input/input.js';
import { landInput, markRefused } from './landing.js';

/**
 * Uploads an input for a person and starts its run, or returns the run that the same upload has already. `onProgress`
 * receives the bytes sent so far and the total, for files only.
 *
 * @throws RefusedError while another upload of the dataset is being ingested: before anything is sent or, if that upload
 * came first, afterwards; the sent one is then not started later either
 */
export async function ingestInput(
  client: CuratorClient,
  input: Input,
  request: Omit<StartRequest, 'upload' | 'trigger'>,
  onProgress: (bytes: number, total: number) => void,
): Promise<StartedRun> {
  const { dataset, settings, replace } = request;
  const beforeSending = async () => {
    if (!replace) await client.assertIdle(dataset);
  };
  const upload = await landInput(
    client.store,
    client.bucket,
    input,
    { dataset, settings, beforeSending },
    onProgress,
  );
  try {
    return await client.startIngest({ ...request, upload, trigger: 'person' });
  } catch (error) {
    if (error instanceof RefusedError) await markRefused(client.store, upload);
    throw error;
  }
}
