import { describe, expect, it } from '@jest/globals';
import { isPlainKey } from '../../src/storage/keys.js';

describe('isPlainKey', () => {
  it.each(['landing/skin/a b/Photos (1).zip', 'raw/ä/日本.jpg', 'a..b/.c/d.', 'emoji 🙂.zip'])(
    'accepts the key %j',
    (key) => expect(isPlainKey(key)).toBe(true),
  );

  it.each([
    'a/nul\u0000.zip',
    'a/line\nbreak.zip',
    'a/del\u007f.zip',
    'a/half\ud83d.zip',
    'a\\b.zip',
    'a//b.zip',
    '/a.zip',
    'a/',
    'a/./b.zip',
    'a/../b.zip',
    '..',
  ])('refuses the key %j', (key) => expect(isPlainKey(key)).toBe(false));
});
