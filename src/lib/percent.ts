/** A share in whole percent. A part that is not zero is never 0 %, and one that is not all is never 100 %. */
export function percentText(part: number, whole: number): string {
  const percent = whole === 0 ? 0 : Math.round((100 * part) / whole);
  if (percent === 0 && part > 0) return 'less than 1 %';
  if (percent === 100 && part < whole) return 'more than 99 %';
  return `${percent} %`;
}
