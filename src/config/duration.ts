const UNITS = { s: 1, m: 60, h: 3600 } as const;

/** Parses a duration such as 30, 90s, 45m or 2.8h into seconds; returns undefined if the text is not one. */
export function secondsOf(text: string): number | undefined {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)([smh])?$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * UNITS[unit as keyof typeof UNITS];
}
