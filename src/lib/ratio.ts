/** `floor(n * share)` with the decimal value of the share: 0.29 of 100 is 29, although 100 * 0.29 gives 28.999…. */
export function floorOfShare(n: number, share: number): number {
  const [mantissa = '0', exponent = '0'] = share.toExponential().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const digits = BigInt(whole + fraction) * BigInt(n);
  const shift = Number(exponent) - fraction.length;
  return Number(shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift));
}
