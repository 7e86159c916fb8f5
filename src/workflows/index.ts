export { ingestDataset } from './ingest-dataset.js';
export { preprocessImages } from './preprocess-images.js';
export { trainModel } from './train-model.js';
