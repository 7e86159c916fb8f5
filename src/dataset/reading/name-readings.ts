/** What a `file_name` may mean if no file has that name as it is written, in the order in which it is tried. */
export function nameReadings(fileName: string): string[] {
  const trimmed = fileName.trim();
  const local = localPath(trimmed);
  const readings = [trimmed, local, decoded(trimmed), decoded(local)];
  const withoutHash = readings.map((name) => name.replace(/(^|\/)[0-9a-f]{8}-(?=[^/]+$)/, '$1'));
  return [...new Set([...readings, ...withoutHash].map((name) => name.normalize('NFC')))].filter(
    (name) => name !== fileName && name !== '',
  );
}

/** The path in a URL: behind the host, without query, or Label Studio's `?d=`. */
function localPath(name: string): string {
  const served = /^(?:[a-z][a-z0-9+.-]*:\/\/[^/]*)?\/data\/local-files\/\?(?:.*&)?d=([^&#]*)/i.exec(
    name,
  )?.[1];
  if (served !== undefined) return served;
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(name)) return name.replace(/(\.[a-z]{3,4})\?[^/]*$/i, '$1');
  return name.replace(/^[^:]*:\/\/[^/]*\//, '').replace(/[?#].*$/s, '');
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name).replaceAll('\\', '/');
  } catch {
    return name;
  }
}
