import { describe, expect, it } from '@jest/globals';
import { shortJson } from '../../src/lib/short-json.js';
import { shortText } from '../../src/lib/short-text.js';

describe('a shortened text', () => {
  it('marks that something was cut, and leaves a short text as it is', () => {
    expect(shortText('abcdef', 5)).toBe('abcde…');
    expect(shortText('abcde', 5)).toBe('abcde');
    expect(shortJson(['x'.repeat(100)])).toBe(`["${'x'.repeat(58)}…`);
  });

  it('has no half of a character', () => {
    expect(shortText('ab😀😀', 3)).toBe('ab…');
  });
});
