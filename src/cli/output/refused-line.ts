import type { RefusedUpload } from '../../intake/refused-uploads.js';

/** A refused upload, why it was refused, and what to do. */
export const refusedLine = ({ dataset, key, refused }: RefusedUpload): string =>
  `refused     ${key} at ${refused}, because another upload of ${dataset} was being ingested. No sweep starts it: ingest the archive again.`;
