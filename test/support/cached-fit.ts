import { createHash } from 'node:crypto';
import { parseSourceRef } from '../../src/custom-labels/validate-line.js';
import { type FitAndTest, type Fitted, fitAndTest } from '../../src/emulator/fit.js';

/** Fits of this test file, by their input. */
const fits = new Map<string, Promise<Fitted>>();

/**
 * Fits as the emulator does, but the same pictures and boxes only once per test file. A fit takes more than a second of CPU,
 * the same input gives the same detector, and most trainings of a file are on one archive.
 */
export const cachedFit: FitAndTest = async (store, train, test, signal) => {
  const hash = createHash('sha256');
  for (const images of [train, test]) {
    for (const { sourceRef, size, boxes } of images) {
      const { bucket = '', key = '' } = parseSourceRef(sourceRef) ?? {};
      const bytes = await store.getBytes(bucket, key, { signal });
      hash.update(JSON.stringify([size, boxes, bytes.length])).update(bytes);
    }
    hash.update('end');
  }
  const input = hash.digest('hex');
  const known = fits.get(input);
  if (known !== undefined) return await known;
  const fit = fitAndTest(store, train, test, signal);
  fits.set(input, fit);
  // A fit that was aborted must not fail later trainings.
  fit.catch(() => fits.delete(input));
  return await fit;
};
