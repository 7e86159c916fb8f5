/** Numbers as Python prints those of NumPy, PyTorch and `decimal`, such as `np.float64(12.5)` or `array([1., 2.])`. */

const MODULE = String.raw`(?:(?:np|numpy|torch)\.)?`;
const WRAPPER = 'array|tensor';
/** The repetitions are bounded, so that no text costs more than its length. */
const SCALAR = new RegExp(
  String.raw`\b${MODULE}(?:u?int\d{0,2}|float\d{0,3}|double|Decimal|${WRAPPER})\(\s{0,4}'?([-+\d.eE]{1,40})'?\s{0,4}\)`,
  'g',
);
const KEYWORD = /,\s{0,40}(?:dtype|device|grad_fn)=[\w.:'<>]{1,40}/g;
const OPENING = new RegExp(String.raw`^\s{0,40}${MODULE}(?:${WRAPPER})\(`);
/** `1.` is a number in Python, but not in JSON. */
const BARE_POINT = /(\d)\.(?=[\s,\])]|$)/g;
const SIGN = new RegExp(String.raw`\b(?:int\d{0,2}|float\d{0,3}|double|Decimal|${WRAPPER})\(`);

/** The text with only its numbers and brackets; a text that is not Python's stays as it is. */
export function withoutPython(text: string): string {
  if (!SIGN.test(text)) return text;
  const plain = text.replace(KEYWORD, '').replace(SCALAR, '$1');
  const inner = plain.replace(OPENING, '');
  const end = inner.trimEnd();
  const isWrapped = inner !== plain && end.endsWith(')');
  return (isWrapped ? end.slice(0, -1) : plain).replace(BARE_POINT, '$1.0');
}
