import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Pattern, PatternError } from '../../src/lib/pattern.js';

const expected = (source: string, text: string) => new RegExp(source).exec(text)?.[1] || undefined;

describe('Pattern', () => {
  it.each([
    ['^([^/]+)/', 'p17/left/1.jpg'],
    ['(patient[-_]?\\d+)', 'train/patient-0042_left.jpg'],
    ['/(.+?)_\\d+\\.jpe?g$', 'a/visit_2_0001.jpeg'],
    ['(?:img|scan)-(?<visit>[a-z]{2,3}\\d*)', 'x/scan-abc12'],
    ['(a|ab)(c|bcd)?', 'abcd'],
    ['video\\.(\\w+)|clip(\\d)', 'video.first'],
    ['([A-F0-9]{4,8}?)', 'xx12AB34CD'],
    ['(\\d+)$', 'frame7'],
    ['([^\\s\\-]+)-', 'MRI scan-3'],
    ['^(?:(\\w+)/)?a', 'a'],
    ['(é+)', 'caféé.jpg'],
    ['(x)', 'none'],
  ])('finds the first group of %s in %s as JavaScript does', (source, text) => {
    expect(new Pattern(source).firstGroup(text)).toBe(expected(source, text));
  });

  it('agrees with JavaScript on arbitrary expressions', () => {
    const atom = fc.constantFrom(
      'a',
      'b',
      '.',
      '[ab]',
      '[^a]',
      '\\d',
      '1',
      '(?:a|b1)',
      '(?:ab|a)',
      '(?:a?b)',
    );
    const part = fc
      .tuple(atom, fc.constantFrom('', '', '*', '+', '?', '*?', '+?', '??', '{2}', '{1,2}'))
      .map((both) => both.join(''));
    const parts = fc.array(part, { maxLength: 4 }).map((list) => list.join(''));
    const source = fc
      .tuple(
        fc.constantFrom('', '^'),
        parts,
        parts,
        fc.constantFrom('', '|b'),
        parts,
        fc.constantFrom('', '$'),
      )
      .map(
        ([start, before, inner, option, after, end]) => `${start}${before}(${inner}${option})${after}${end}`,
      );
    const text = fc.array(fc.constantFrom('a', 'b', '1', '/'), { maxLength: 8 }).map((list) => list.join(''));
    fc.assert(
      fc.property(source, text, (from, on) => {
        expect(new Pattern(from).firstGroup(on)).toBe(expected(from, on));
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['abc', /has no group/],
    ['(?:abc)', /has no group/],
    ['(a', /"\(" without/],
    ['a)', /"\)" without/],
    ['([a', /"\[" without/],
    ['(a)\\1', /backreference/],
    ['(?=a)(b)', /lookaround/],
    ['(\\bx)', /\\b, which is not supported/],
    ['(a)+', /repeat its first group/],
    ['(?:(a)b)*', /repeat its first group/],
    ['*(a)', /nothing to repeat/],
    ['(a**)', /two quantifiers/],
    ['(a{3,2})', /wrong order/],
    ['(a{101})', /more than 100/],
    ['((?:a{90}){90})', /too long/],
    ['([z-a])', /wrong order/],
    ['(a\\', /ends too early/],
    [`(${'a'.repeat(200)})`, /longer than 200/],
    ['('.repeat(30), /nested/],
  ])('refuses %s', (source, message) => {
    expect(() => new Pattern(source)).toThrow(PatternError);
    expect(() => new Pattern(source)).toThrow(message);
  });

  it.each([
    '((?:a+)+)b',
    '((?:a|a)*)b',
    '((?:a*)*)*b'.replace(')*b', ')b'),
    `(${'a?'.repeat(50)}${'a'.repeat(50)})b`,
    '(.*.*.*.*)=x',
  ])('needs no exponential time for %s', (source) => {
    const pattern = new Pattern(source);
    // JavaScript's own engine would need longer than the age of the universe for some of these.
    for (let i = 0; i < 20; i++) expect(pattern.firstGroup(`${'a'.repeat(1000)}!`)).toBeUndefined();
  });
});
