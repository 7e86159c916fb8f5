/** The detector that the emulator trains, saves and uses for detection. */
export type { Detector } from './detector.js';
export { DetectorThread } from './detector-thread.js';
export type { Picture } from './picture.js';
export { loadDetector, saveDetector } from './saved.js';
