const ROBOFLOW_NAME = /^(?<source>.+)\.rf\.[0-9a-zA-Z]+\.[a-zA-Z]+$/;

/**
 * What an image is called before an export renamed it. Roboflow names every copy of a photo
 * `<source>.rf.<hash>.<ext>` and gives a new hash (and perhaps another split folder) with every export,
 * so that orders and splits must go by the source. Other exporters keep names: there it is the path.
 */
export function sourceName(path: string): string {
  const base = path.slice(path.lastIndexOf('/') + 1);
  return ROBOFLOW_NAME.exec(base)?.groups?.source ?? path;
}

/** Whether the name is one that Roboflow makes, so that equal sources hint at copies of one photo. */
export function isRoboflowName(path: string): boolean {
  return ROBOFLOW_NAME.test(path.slice(path.lastIndexOf('/') + 1));
}
