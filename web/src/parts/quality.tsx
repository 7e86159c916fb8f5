import { type DatasetQuality, distrustOf } from '../../../src/dataset/model/quality.js';
import { inPageWords } from '../page-words.js';

/** The quality of a dataset; nothing if it is unfit, because the outcome of the run says why. */
export function Quality({ dataset }: { dataset: Partial<DatasetQuality> }) {
  const distrust = distrustOf(dataset);
  if (distrust !== undefined) {
    return (
      <p class="banner">
        <strong>Dataset quality: unreliable.</strong> {inPageWords(distrust)}
      </p>
    );
  }
  return dataset.quality === 'good' ? <p class="minor">Dataset quality: good</p> : null;
}
