import { cocoFiles } from './coco.js';
import type { ExportedDataset, ExportFile, ExportFormat } from './files.js';
import { yoloFiles } from './yolo.js';

const WRITERS = { coco: cocoFiles, yolo: yoloFiles } as const;

/** The files of an export, in the order of the ZIP. */
export const exportFiles = (exported: ExportedDataset, format: ExportFormat): ExportFile[] => [
  ...WRITERS[format](exported),
];
