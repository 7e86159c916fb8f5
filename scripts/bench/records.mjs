// What inspection and conversion of drawn records share.
import { DEFAULT_DATASET_SETTINGS } from '../../dist/dataset/model/settings.js';

export const DATASET = 'bench';
/** Balancing is off, so that all images go into the manifests. */
export const SETTINGS = { ...DEFAULT_DATASET_SETTINGS, enableBalance: false };
