/** The id as a number if it is a whole number to which one can be added exactly. */
export function numberOf(id: string | undefined): number | undefined {
  return id !== undefined && /^(?:0|-?[1-9]\d{0,14})$/.test(id) ? Number(id) : undefined;
}
