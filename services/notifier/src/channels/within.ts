/** Settles like `act`, but rejects at its time limit or when the signal aborts: what goes on then is left behind. */
export function within<T>(limit_ms: number, signal: AbortSignal, act: () => Promise<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const stop = (): void => reject(new Error("stopped"));
  const timer = setTimeout(() => reject(new Error(`took longer than ${limit_ms / 1000} s`)), limit_ms);
  if (signal.aborted) stop();
  else {
    signal.addEventListener("abort", stop, { once: true });
    act().then(resolve, reject);
  }
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  });
}
