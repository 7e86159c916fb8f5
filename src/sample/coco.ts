import { plural } from '../lib/plural.js';
import { SAMPLE_CLASSES, type SampleBox } from './looks.js';

/** The date of every generated photo and of the export. */
export const SAMPLE_DATE = '2025-09-01T08:00:00+00:00';

/** The category with id 0 of Roboflow exports: never annotated, supercategory of all classes. */
const GROUP = 'skin-lesions';

/** An image file of a split with its upright size in pixels. */
export interface LabelledFile {
  readonly fileName: string;
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly SampleBox[];
}

/** Rounds to thousandths of a pixel, as Roboflow does. */
function thousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** The text of a split's `_annotations.coco.json`, with the fields and their order in a Roboflow export; ids start at 0. */
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

/** The text of README.dataset.txt. */
export function readmeDataset(images: number, seed: number): string {
  return `# Skin lesions (drawn sample)

${images} pictures drawn by \`curator sample --images ${images} --seed ${seed}\`.
They resemble photographs of skin but are generated: they show no person and are not suitable for medical use.
License: CC0 1.0, public domain
`;
}

/** The text of README.roboflow.txt. */
export function readmeRoboflow(images: number): string {
  return `Skin lesions (drawn sample)
==============================

This file has the name that it has in a Roboflow export, but the dataset is not from Roboflow.
\`curator sample\` generated it in the layout of a Roboflow COCO export, to try Curator without your own dataset.

The dataset includes ${plural(images, 'image')}.
Lesions are annotated in COCO format.

Some images have an EXIF orientation; their boxes refer to the rotated image.
Some images are rotated, mirrored or brightened copies of others, partly across the splits.
`;
}
