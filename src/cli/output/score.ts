import type { LatestModel } from '../../models/latest-models.js';
import { LOCAL_BASELINE } from '../../training/model-card.js';

/** `F1 0.343`, with a note if an emulator trained the model. */
export const scoreOf = ({ f1, trainer }: Pick<LatestModel, 'f1' | 'trainer'>): string =>
  `F1 ${f1 === null ? 'unknown' : f1.toFixed(3)}${trainer === 'emulator' ? ` (${LOCAL_BASELINE})` : ''}`;
