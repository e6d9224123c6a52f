import { hostService, runMain } from "@safebase/runtime";
import { startExecutor } from "./service.ts";

await runMain((config, signal) => hostService(startExecutor, config, { name: "executor", metrics_port: config.metrics_port }, signal));
