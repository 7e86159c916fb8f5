/** Limits on what an archive may claim. All are checked on its directory, before an entry is read. */

/** Four times the maximum number of images per dataset of the service (250,000). */
export const MAX_ENTRIES = 1_000_000;
/** Bytes of the central directory: a million entries of 250 bytes. */
export const MAX_DIRECTORY_BYTES = 256 * 1024 * 1024;
/** Uncompressed bytes of one image. Bounds the memory that one image takes. */
export const MAX_IMAGE_BYTES = 256 * 1024 * 1024;
/** Uncompressed bytes of one JSON file: about ten times a COCO file of a million annotations. */
export const MAX_JSON_BYTES = 2 * 1024 * 1024 * 1024 - 1;
/** Uncompressed bytes over all entries: a million images of 2 MB. */
export const MAX_TOTAL_BYTES = 2 * 1024 ** 4;
/** Images do not deflate and COCO files deflate by a factor of 10 to 40; deflate itself reaches 1032. */
export const MAX_RATIO = 200;
/** Below this size a high ratio is harmless: a small file of zeros. */
export const RATIO_FROM_BYTES = 1024 * 1024;
/** Bytes of a path segment, the limit of file systems and object stores. */
export const MAX_SEGMENT_BYTES = 255;
/** Bytes of a path. An S3 key has 1,024; the rest is for the prefix and the hash. */
export const MAX_PATH_BYTES = 800;
/** Bytes behind the end record in which the record is still searched. */
export const MAX_TRAILING_BYTES = 1024 * 1024;
