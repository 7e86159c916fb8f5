const UNITS = { s: 1, m: 60, h: 3600 } as const;

/** Seconds of a time such as 30, 90s, 45m or 2.8h; undefined where the text is none. */
export function secondsOf(text: string): number | undefined {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)([smh])?$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * UNITS[unit as keyof typeof UNITS];
}
