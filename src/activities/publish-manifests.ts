import { manifestKey, type VersionFile, versionKey } from '../dataset/model/layout.js';
import type { ActivityDeps } from './deps.js';
import type { DatasetActivities } from './interface.js';

const PUBLISHED = [
  'labels.txt',
  'labels.json',
  'validation_report.json',
  'report.html',
  'val.manifest',
  'train.manifest',
] as const satisfies readonly VersionFile[];

export function createPublishManifests({ store }: ActivityDeps): DatasetActivities['publishManifests'] {
  return async ({ bucket, dataset, version, manifestAccess }) => {
    for (const file of PUBLISHED) {
      const key = manifestKey(dataset, file);
      await store.copy(bucket, versionKey(dataset, version, file), key);
      if (manifestAccess === 'acl' && file.endsWith('.manifest')) await store.makePublic(bucket, key);
    }
  };
}
