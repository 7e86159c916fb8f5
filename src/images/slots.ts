import pLimit from 'p-limit';

/**
 * Image pipelines in flight in this process. Four with one libvips thread each was the fastest of the
 * combinations measured on two cores; more only take memory.
 */
export const imageSlots = pLimit(4);
