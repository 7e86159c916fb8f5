/** The detector that the emulator trains, saves and uses for detection. */
export type { Detector } from './detector.js';
export { fitInWorker } from './fit-in-worker.js';
export type { Picture } from './picture.js';
export { loadDetector, saveDetector } from './saved.js';
