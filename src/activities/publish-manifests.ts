import { manifestKey, type VersionFile, versionKey } from '../dataset/model/layout.js';
import { stopSignal } from './boundary.js';
import type { ActivityDeps } from './deps.js';
import { whileHeartbeating } from './heartbeat.js';
import type { DatasetActivities } from './interface.js';

const PUBLISHED = [
  'labels.txt',
  'labels.json',
  'validation_report.json',
  'report.html',
  'val.manifest',
  'train.manifest',
] as const satisfies readonly VersionFile[];

export function createPublishManifests({
  store,
  shutdown,
}: Pick<ActivityDeps, 'store' | 'shutdown'>): DatasetActivities['publishManifests'] {
  return async ({ bucket, dataset, version, manifestAccess }) =>
    await whileHeartbeating(async () => {
      const signal = stopSignal(shutdown);
      for (const file of PUBLISHED) {
        const key = manifestKey(dataset, file);
        await store.copy(bucket, versionKey(dataset, version, file), key, { signal });
        if (manifestAccess === 'acl' && file.endsWith('.manifest')) await store.makePublic(bucket, key);
      }
    });
}
