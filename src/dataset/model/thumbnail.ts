/** Side in pixels of the square luma thumbnails that copies are found by. */
export const THUMBNAIL_SIDE = 64;

/** Size of a thumbnail: one byte of luma per pixel, row by row. */
export const THUMBNAIL_BYTES = THUMBNAIL_SIDE * THUMBNAIL_SIDE;
