/** The health check of the images: 0 while the service answers on the metrics port that is given. Node is there anyway; curl is not. */
const port = process.argv[2];
try {
  const { ok } = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(4_000) });
  process.exitCode = ok ? 0 : 1;
} catch (error) {
  console.error(`no answer at port ${port}: ${error instanceof Error ? error.message : String(error)}`); // `docker inspect` shows it
  process.exitCode = 1;
}
