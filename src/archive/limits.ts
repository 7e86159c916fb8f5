/** What an archive may claim. All of it is checked on the directory alone, before an entry is read. */

/** Four times the images that the service takes a dataset (250,000). */
export const MAX_ENTRIES = 1_000_000;
/** A million entries of 250 bytes. */
export const MAX_DIRECTORY_BYTES = 256 * 1024 * 1024;
/** No photograph that the service would take comes from a larger file; it bounds the memory of one image. */
export const MAX_IMAGE_BYTES = 256 * 1024 * 1024;
/** About ten times a COCO file of a million annotations. */
export const MAX_JSON_BYTES = 2 * 1024 * 1024 * 1024 - 1;
/** Uncompressed, over all entries: a million images of 2 MB. */
export const MAX_TOTAL_BYTES = 2 * 1024 ** 4;
/** Images don't deflate and COCO files do by 10 to 40; deflate itself reaches 1032. */
export const MAX_RATIO = 200;
/** Below this a high ratio is a small file of zeros, and harmless. */
export const RATIO_FROM_BYTES = 1024 * 1024;
/** A path segment's bytes, as file systems and stores have it. */
export const MAX_SEGMENT_BYTES = 255;
/** An S3 key has 1,024 bytes; the rest is for the prefix and the hash. */
export const MAX_PATH_BYTES = 800;
