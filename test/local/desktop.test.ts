import { describe, expect, it } from '@jest/globals';
import { hasDesktop } from '../../src/local/desktop.js';

describe('whether the demo opens its report in a browser', () => {
  it.each([
    ['yes on macOS', {}, 'darwin', true, true],
    ['yes on Linux with X11', { DISPLAY: ':0' }, 'linux', true, true],
    ['yes on Linux with Wayland', { WAYLAND_DISPLAY: 'wayland-0' }, 'linux', true, true],
    ['no on Linux without a display, as over SSH', {}, 'linux', true, false],
    ['no if stdout is a file or a pipe', { DISPLAY: ':0' }, 'linux', false, false],
    ['no on macOS if stdout is a file or a pipe', {}, 'darwin', false, false],
  ] as const)('%s', (_, env, platform, isTerminal, expected) => {
    expect(hasDesktop(env, platform, isTerminal)).toBe(expected);
  });
});
