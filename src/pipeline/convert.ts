import { manifestLines } from '../custom-labels/write-manifest.js';
import { type Curation, curate } from '../dataset/curating/curate.js';
import { labelsJson, labelsTxt } from '../dataset/curating/labels.js';
import type { DatasetSettings } from '../dataset/model/settings.js';
import { versionImageLines } from '../dataset/model/version-images.js';
import type { Plan } from './files.js';
import type { PictureFacts } from './picture-facts.js';
import type { ProcessedRecord } from './records.js';

/** A curated dataset and the files that describe it; those with a line per image as lines, made while they are read. */
export interface ConvertedDataset {
  readonly curation: Curation;
  readonly trainManifest: Iterable<string>;
  readonly valManifest: Iterable<string>;
  readonly imagesJsonl: Iterable<string>;
  readonly labelsTxt: string;
  readonly labelsJson: string;
}

/**
 * Curates the images and returns the manifests and the other files of a dataset version.
 * @throws CurationRefusal if the dataset cannot be trained on
 */
export function convert(
  input: PictureFacts & {
    readonly plan: Plan;
    readonly records: readonly Omit<ProcessedRecord, 'thumbnail'>[];
    readonly settings: DatasetSettings;
    readonly bucket: string;
    readonly dataset: string;
  },
): ConvertedDataset {
  const { plan, records, groupOf, sameAs, unmoved, lowContrast, settings, bucket, dataset } = input;
  const curation = curate({
    images: records,
    missing: plan.missing,
    annotationsFound: plan.annotations.found,
    droppedWhileReading: plan.annotations.dropped,
    foundWhileReading: plan.findings,
    groupOf,
    sameAs,
    unmoved,
    lowContrast,
    settings,
  });
  const labels = curation.labels.map(({ label }) => label);
  const context = { bucket, dataset, creationDate: plan.creationDate };
  return {
    curation,
    trainManifest: manifestLines(curation.manifests.train, labels, context),
    valManifest: manifestLines(curation.manifests.val, labels, context),
    labelsTxt: labelsTxt(curation.labels),
    labelsJson: labelsJson(curation.labels),
    imagesJsonl: versionImageLines(curation.manifests.train, curation.manifests.val),
  };
}
