type Callback<T> = (error: Error | null, value: T) => void;

/** The part of `node:util` that checking uses. */
export function promisify<Args extends readonly unknown[], T>(
  call: (...args: [...Args, Callback<T>]) => void,
): (...args: Args) => Promise<T> {
  return (...args) =>
    new Promise((resolve, reject) => {
      call(...args, (error, value) => (error ? reject(error) : resolve(value)));
    });
}
