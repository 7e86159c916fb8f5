/** The part of a path or S3 key after its last slash. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
