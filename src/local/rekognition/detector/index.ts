/** The detector that the emulator trains, detects with and keeps. */
export type { Detector, Picture } from './detector.js';
export { fitInWorker } from './fit-in-worker.js';
export { loadDetector, saveDetector } from './saved.js';
