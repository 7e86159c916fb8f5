/** How to get COCO from the common annotation tools, in the words of their menus. */
export const EXPORT_FROM_TOOLS =
  'In Roboflow: Export → COCO. In CVAT: Export task dataset → COCO 1.0 with "Save images". In Label Studio: Export → COCO with Images.';

/** A format of datasets that is not COCO. */
export interface OtherFormat {
  /** With its article, such as `a labelme export`. */
  readonly name: string;
  /** How to get COCO from it, in the words of the tool where it has an export. */
  readonly toCoco: string;
}

export const EXPORT_AS_COCO = `Export it in COCO format. ${EXPORT_FROM_TOOLS}`;
export const CONVERT_TO_COCO =
  'Convert it to COCO: one object with the lists images, annotations (image_id, category_id, bbox) and categories.';
export const SAVE_AS_JPEG =
  'Save the images as JPEG or PNG, label the objects with boxes, for example in CVAT or Label Studio, and export in COCO format.';
export const EXPORT_FROM_ROBOFLOW = 'In Roboflow: Export → COCO.';
export const EXPORT_FROM_LABEL_STUDIO = 'In Label Studio: Export → COCO with Images.';

/** A manifest of SageMaker Ground Truth, which Rekognition reads and `curator ingest` writes. */
export const GROUND_TRUTH: OtherFormat = {
  name: 'a SageMaker Ground Truth manifest',
  toCoco:
    'If Curator wrote it: `curator export <dataset> --format coco --out <ZIP>`. If not, use CocoConverter of aws-samples/amazon-sagemaker-groundtruth-conversion-kit.',
};

/** How to convert with Datumaro from a format by its name there. */
export const convertWithDatumaro = (format: string): string =>
  `Convert it with Datumaro: \`datum convert -if ${format} -i <folder> -f coco -o <new folder> -- --save-media\`.`;
