export { crossValidate } from './cross-validate.js';
export { ingestDataset } from './ingest-dataset.js';
export { preprocessImages } from './preprocess-images.js';
export { stopModel } from './stop-model.js';
export { sweepLanding } from './sweep-landing.js';
export { trainModel } from './train-model.js';
