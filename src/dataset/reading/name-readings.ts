import { asUtf8, misreadUtf8, percentDecoded, withoutEntities } from '../../lib/misread-text.js';

/** What a `file_name` may mean if no file has that name as it is written, in the order in which it is tried. */
export function nameReadings(fileName: string): string[] {
  const trimmed = fileName.trim();
  const local = localPath(trimmed);
  const readings = [trimmed, local, decoded(trimmed), decoded(local)];
  const withoutHash = readings.map((name) => name.replace(/(^|\/)[0-9a-f]{8}-(?=[^/]+$)/, '$1'));
  const names = [...readings, ...withoutHash, ...readings.flatMap(otherwiseWritten)];
  return [...new Set(names.map((name) => name.normalize('NFC')))].filter(
    (name) => name !== fileName && name !== '',
  );
}

/** The name with the escapes of HTML forms and pages, and with letters that were read in another code page. */
function otherwiseWritten(name: string): string[] {
  return [
    withoutEntities(name),
    name.replaceAll('+', ' '),
    decoded(name.replaceAll('+', ' ')),
    name.replaceAll(' ', '+'),
    asUtf8(name) ?? name,
    ...misreadUtf8(name),
    ...misreadUtf8(name.normalize('NFD')),
  ];
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

const decoded = (name: string) => percentDecoded(name).replaceAll('\\', '/');
