import { describe, expect, it } from '@jest/globals';
import { DatasetError } from '../../../src/dataset/model/errors.js';
import { warning } from '../../../src/dataset/model/findings.js';
import { asMessage, MAX_MESSAGE } from '../../../src/dataset/model/message-length.js';

const LATIN = `${'x'.repeat(5_000)}/${'y'.repeat(5_000)}.json`;
const ASIAN = '训练数据集标注文件夹'.repeat(6);
const SPACED = 'a folder with spaces '.repeat(500);

describe('a message for people', () => {
  it('stays as it is if it has up to 300 characters', () => {
    const text = `${'a'.repeat(290)}. Export.`;
    expect(asMessage(text)).toBe(text);
  });

  it.each([
    ['10,000 characters', LATIN],
    ['60 Chinese characters', ASIAN],
    ['10,000 characters with spaces', SPACED],
  ])('keeps its words and shortens names of %s in the middle', (_name, name) => {
    const names = Array.from({ length: 5 }, (_, i) => `${name}${i}`);
    const text = asMessage(`These files differ: ${names.join(', ')}. Remove one of them.`, names);
    expect(text.length).toBeLessThanOrEqual(MAX_MESSAGE);
    expect(text).toMatch(/^These files differ: .*….*4\. Remove one of them\.$/u);
    expect(text).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
  });

  it('shortens quoted texts that have spaces', () => {
    const text = asMessage(`The class "${SPACED}" is defined twice. Remove one.`);
    expect(text.length).toBeLessThanOrEqual(MAX_MESSAGE);
    expect(text).toMatch(/^The class "a folder .*….*" is defined twice\. Remove one\.$/);
  });

  it('loses sentences in its middle if it is too long without names', () => {
    const middle = 'This sentence explains something that is good to know. '.repeat(10);
    const text = asMessage(`The file is broken. ${middle}Export it again.`);
    expect(text.length).toBeLessThanOrEqual(MAX_MESSAGE);
    expect(text).toMatch(/^The file is broken\. This .* know\. Export it again\.$/);
  });

  it('keeps an alternative only with the sentence that it is an alternative to', () => {
    const middle = 'This sentence explains something that is good to know. '.repeat(3);
    const long = `The file ${'is broken, or '.repeat(9)}is not. ${middle}`;
    expect(asMessage(`${long}If it is new, export it again. Otherwise remove it.`)).toMatch(
      / is not\. This .* know\. If it is new, export it again\. Otherwise remove it\.$/,
    );
    const longer = `The file ${'is broken, or '.repeat(18)}is not. ${middle}`;
    expect(asMessage(`${longer}Export it if it is new. If not, remove it.`)).toMatch(
      / is not\. Export it if it is new\.$/,
    );
    expect(asMessage(`${longer}Export it again. Or divide by 1000.`)).toMatch(/ is not\. Export it again\.$/);
  });

  it('is one paragraph if a name has line breaks', () => {
    expect(asMessage('The file a\nb.json is broken.')).toBe('The file a b.json is broken.');
  });

  it('of a refusal has its file shortened, which the details have in full', () => {
    const error = new DatasetError('CocoInvalid', `${SPACED} is empty. Export it again.`, { file: SPACED });
    expect(error.message.length).toBeLessThanOrEqual(MAX_MESSAGE);
    expect(error.message).toMatch(/ is empty\. Export it again\.$/);
    expect(error.details.file).toBe(SPACED);
  });

  it('of a finding has a headline that begins it and advice that ends it, with long names in both', () => {
    const finding = warning(
      'IMAGE_IDS_SHIFTED',
      1,
      { headline: `In ${SPACED}, ids differ.`, rest: `Correct ${SPACED} and export again.` },
      [SPACED],
    );
    expect(finding?.message.length).toBeLessThanOrEqual(MAX_MESSAGE);
    expect(finding?.message.startsWith(finding.headline ?? '?')).toBe(true);
    expect(finding?.message).toMatch(/^In a folder.*, ids differ\. Correct a folder.* and export again\.$/);
    expect(finding?.examples).toEqual([SPACED]);
  });
});
