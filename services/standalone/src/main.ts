import { runMain } from "@safebase/runtime";
import { startStandalone } from "./service.ts";

await runMain(async (config, signal) => {
  const system = await startStandalone(config, signal);
  process.stdout.write(`SafeBase is ready at ${system.url} (API documentation: ${system.url}/api/docs)\n`);
  return system;
});
