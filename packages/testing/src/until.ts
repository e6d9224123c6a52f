/** Asks again every few milliseconds until the answer is neither false nor undefined; throws at the deadline. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | false | undefined> | T | false | undefined,
  options: { timeout_ms?: number; every_ms?: number } = {},
): Promise<T> {
  const { timeout_ms = 30_000, every_ms = 25 } = options;
  const deadline = performance.now() + timeout_ms;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== false && answer !== undefined) return answer;
    } catch (error) {
      last = error; // told at the deadline: what is waited for may well refuse until it is ready
    }
    if (performance.now() > deadline) throw new Error(`waited ${timeout_ms} ms for ${what}`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, every_ms));
  }
}
