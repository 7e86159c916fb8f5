import { SAMPLE_CLASSES, type SampleBox } from './looks.js';

/** The day on which every drawn photo was "taken" and the sample "exported". */
export const SAMPLE_DATE = '2025-09-01T08:00:00+00:00';

/** Roboflow's dummy: id 0, never annotated, above all real classes. */
const GROUP = 'skin-lesions';

/** A file of a split with its size as a viewer shows it, in pixels. */
export interface LabelledFile {
  readonly fileName: string;
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly SampleBox[];
}

/** Thousandths of a pixel, as Roboflow writes them. */
function thousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** The text of a split's `_annotations.coco.json`, with the fields and order of a Roboflow export; ids begin at 0. */
export function cocoText(files: readonly LabelledFile[]): string {
  const annotations = files.flatMap(({ boxes }, imageId) => boxes.map((box) => ({ box, imageId })));
  return JSON.stringify({
    info: {
      year: '2025',
      version: '1',
      description: 'Drawn by `curator sample`; not photographs',
      contributor: '',
      url: '',
      date_created: SAMPLE_DATE,
    },
    licenses: [
      { id: 1, url: 'https://creativecommons.org/publicdomain/zero/1.0/', name: 'Public Domain (CC0 1.0)' },
    ],
    categories: [
      { id: 0, name: GROUP, supercategory: 'none' },
      ...SAMPLE_CLASSES.map((name, index) => ({ id: index + 1, name, supercategory: GROUP })),
    ],
    images: files.map(({ fileName, width, height }, id) => ({
      id,
      license: 1,
      file_name: fileName,
      height,
      width,
      date_captured: SAMPLE_DATE,
    })),
    annotations: annotations.map(({ box, imageId }, id) => {
      const bbox = [box.left, box.top, box.width, box.height].map(thousandths);
      return {
        id,
        image_id: imageId,
        category_id: SAMPLE_CLASSES.indexOf(box.label) + 1,
        bbox,
        area: thousandths((bbox[2] ?? 0) * (bbox[3] ?? 0)),
        segmentation: [],
        iscrowd: 0,
      };
    }),
  });
}

export function readmeDataset(images: number, seed: number): string {
  return `# Skin lesions (drawn sample)

${images} pictures drawn by \`curator sample --images ${images} --seed ${seed}\`.
They look somewhat like photographs of skin, and are not: nobody is shown, and no medical use is possible.
License: CC0 1.0, public domain
`;
}

export function readmeRoboflow(images: number): string {
  return `Skin lesions (drawn sample)
==============================

This file has the name and place of a Roboflow export's, but the dataset isn't Roboflow's:
\`curator sample\` drew it, laid out as Roboflow lays out a COCO export, to try Curator without a dataset of one's own.

The dataset includes ${images} images.
Lesions are annotated in COCO format.

Some images are turned by EXIF orientation; the boxes mean the turned image.
Some are turned, mirrored or brightened copies of others, also across the splits.
`;
}
