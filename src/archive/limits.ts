/** Limits of an archive. All are checked against its directory, before any entry is read. */

/** Maximum number of entries: four times the service's maximum of 250,000 images per dataset. */
export const MAX_ENTRIES = 1_000_000;
/** Maximum size of the central directory in bytes: a million entries of 250 bytes. */
export const MAX_DIRECTORY_BYTES = 256 * 1024 * 1024;
/** Maximum uncompressed size of one image in bytes. Bounds the memory per image. */
export const MAX_IMAGE_BYTES = 256 * 1024 * 1024;
/** Maximum uncompressed size of one JSON file in bytes: about ten times a COCO file with a million annotations. */
export const MAX_JSON_BYTES = 2 * 1024 * 1024 * 1024 - 1;
/** Maximum uncompressed size of all JSON files of an archive in bytes. */
export const MAX_ALL_JSON_BYTES = 2 * 1024 * 1024 * 1024;
/** Maximum uncompressed size of all entries in bytes: a million images of 2 MB. */
export const MAX_TOTAL_BYTES = 2 * 1024 ** 4;
/** Maximum ratio of uncompressed to compressed size. Images reach about 1, COCO files 10 to 40; the maximum of deflate is 1,032. */
export const MAX_RATIO = 200;
/** Uncompressed size in bytes up to which the ratio is not checked, since small files are harmless. */
export const RATIO_FROM_BYTES = 1024 * 1024;
/** Maximum size of a path in UTF-8 bytes. The maximum of an S3 key is 1,024; the rest is reserved for prefix and hash. */
export const MAX_PATH_BYTES = 800;
/** Maximum number of bytes after the end record. */
export const MAX_TRAILING_BYTES = 1024 * 1024;
