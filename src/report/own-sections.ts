/** Findings whose images have a section of the report, by code: the id of the section and its name. */
const SECTIONS: Readonly<Record<string, readonly [id: string, name: string]>> = {
  BOXES_CUT: ['left-out', 'Omitted boxes and images'],
  BOXES_TOO_SMALL: ['left-out', 'Omitted boxes and images'],
  EXIF_BOXES_AMBIGUOUS: ['exif', 'Images with an EXIF orientation'],
  IMAGES_PARTLY_UNLABELLED: ['left-out', 'Omitted boxes and images'],
  IMAGES_REJECTED: ['rejected', 'Rejected images'],
  LOW_CONTRAST_IMAGES: ['contrast', 'Images with low contrast'],
};

export const hasOwnSection = (code: string): boolean => Object.hasOwn(SECTIONS, code);

/** The section that shows the images of a finding; undefined if the finding itself shows them. */
export const sectionOf = (code: string): readonly [id: string, name: string] | undefined =>
  hasOwnSection(code) ? SECTIONS[code] : undefined;
