import pLimit from 'p-limit';

/**
 * Limits the image pipelines that run at once in this process. Four with one libvips thread each was the fastest of the
 * combinations measured on two cores; more only use more memory.
 */
export const imageSlots = pLimit(4);
