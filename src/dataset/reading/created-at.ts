/** Year, month and day, and the time if there is one, in the forms that exporters write: 2017/09/01, 2024-05-02T10:44:38. */
const CREATION =
  /"date_created"\s*:\s*"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2}))?)?/;

/** When a COCO file was created by the text of its `info`, in milliseconds since 1970; undefined if it does not say. */
export function creationOf([info]: readonly unknown[]): number | undefined {
  const [, ...parts] = (typeof info === 'string' ? CREATION.exec(info) : null) ?? [];
  const [year, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.map((part) => Number(part ?? 0));
  return year === undefined ? undefined : Date.UTC(year, month - 1, day, hour, minute, second);
}
