/** How a child process that has an IPC channel speaks with its parent, which also ends it. */

/** Calls `onMessage` for each message of the parent. The process ends if its parent has ended. */
export function serveParent<ToChild>(onMessage: (message: ToChild) => void): void {
  // Ctrl-C reaches all processes of a terminal. The parent decides when this one ends.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  process.on('disconnect', () => process.exit());
  process.on('message', onMessage);
}

/**
 * Sends a message to the parent. Resolves when it was sent.
 * @throws Error if the parent has ended; this process then ends too
 */
export async function sendToParent<FromChild>(message: FromChild): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    process.send?.(message, undefined, undefined, (error) => (error ? reject(error) : resolve()));
  });
}
