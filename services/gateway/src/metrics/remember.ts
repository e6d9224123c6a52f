export interface RememberOptions {
  /** Whoever asks again so soon is told the same. */
  readonly max_age_ms: number;
  /** Nobody waits longer. */
  readonly patience_ms: number;
  readonly failed: (error: unknown) => void;
}

/**
 * Reads at most once at a time and once in `max_age_ms`, however many ask. Undefined when it cannot be read now, or not
 * in time: a scrape must not fail, nor wait until Prometheus gives it up, because one source does not answer.
 */
export function remember<T>(read: () => Promise<T>, options: RememberOptions): () => Promise<T | undefined> {
  let known: { readonly value: T; readonly at_ms: number } | undefined;
  let reading: Promise<T | undefined> | undefined;
  const readNow = async (): Promise<T | undefined> => {
    try {
      known = { value: await read(), at_ms: performance.now() };
      return known.value;
    } catch (error) {
      options.failed(error);
      return undefined;
    } finally {
      reading = undefined;
    }
  };
  return async () => {
    if (known !== undefined && performance.now() - known.at_ms < options.max_age_ms) return known.value;
    return within(reading ??= readNow(), options.patience_ms);
  };
}

async function within<T>(answer: Promise<T>, limit_ms: number): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, limit_ms, undefined);
  return Promise.race([answer, promise]).finally(() => clearTimeout(timer));
}
