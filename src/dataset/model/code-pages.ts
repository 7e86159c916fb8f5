/** A code page in which tools on Windows write text without declaring it. */
export interface CodePage {
  /** As TextDecoder names it. */
  readonly encoding: string;
  readonly name: string;
  /** Whether letters have several bytes, so that other text is seldom valid. */
  readonly isMultiByte?: boolean;
  /** The letters that words in it are expected to consist of; capitals only at the start of a word. */
  readonly letters?: RegExp;
}

export const CODE_PAGES: readonly CodePage[] = [
  {
    encoding: 'windows-1252',
    name: 'windows-1252 (Western European)',
    letters: /(?<=[a-zA-Z])[ß-öø-ÿ]|[ß-öø-ÿ](?=[a-zA-Z])|(?<!\p{L})[À-ÖØ-Þ]/gu,
  },
  {
    encoding: 'windows-874',
    name: 'windows-874 (Thai)',
    letters:
      /(?<![\u0e00-\u0e7f])[\u0e01-\u0e2e\u0e40-\u0e44]|(?<=[\u0e01-\u0e4e])[\u0e01-\u0e3a\u0e40-\u0e4e]/g,
  },
  { encoding: 'windows-1251', name: 'windows-1251 (Cyrillic)', letters: /[а-яё]|(?<!\p{L})[А-ЯЁ]/gu },
  {
    encoding: 'shift_jis',
    name: 'Shift JIS (Japanese)',
    isMultiByte: true,
    letters: /[\u3040-\u30ff]|[\u4e00-\u9fa5]/g,
  },
  { encoding: 'gb18030', name: 'GBK (Chinese)', isMultiByte: true, letters: /[\u4e00-\u9fa5]/g },
  { encoding: 'euc-kr', name: 'EUC-KR (Korean)', isMultiByte: true, letters: /[\uac00-\ud7a3]/g },
  { encoding: 'big5', name: 'Big5 (Chinese)', isMultiByte: true, letters: /[\u4e00-\u9fa5]/g },
  { encoding: 'windows-1253', name: 'windows-1253 (Greek)', letters: /[ά-ώ]|(?<!\p{L})[Α-Ω]/gu },
  { encoding: 'windows-1255', name: 'windows-1255 (Hebrew)', letters: /[\u05d0-\u05ea]/g },
  { encoding: 'windows-1256', name: 'windows-1256 (Arabic)', letters: /[\u0621-\u064a]/g },
  {
    encoding: 'windows-1250',
    name: 'windows-1250 (Central European)',
    letters: /(?<=[a-zA-Z])[ß-ž]|[ß-ž](?=[a-zA-Z])/g,
  },
  { encoding: 'ibm866', name: 'code page 866 (Cyrillic)' },
  { encoding: 'koi8-r', name: 'KOI8-R (Cyrillic)' },
  { encoding: 'windows-1254', name: 'windows-1254 (Turkish)' },
  { encoding: 'windows-1258', name: 'windows-1258 (Vietnamese)' },
];
