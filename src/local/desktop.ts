/** Whether a person who sees the output of this command can look at a browser window that it opens. */
export function hasDesktop(
  { DISPLAY, WAYLAND_DISPLAY }: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  isTerminal: boolean = process.stdout.isTTY,
): boolean {
  if (!isTerminal) return false;
  // Windows and macOS always have one. On Linux a connection over SSH has none, for example.
  return platform === 'darwin' || platform === 'win32' || Boolean(DISPLAY || WAYLAND_DISPLAY);
}
