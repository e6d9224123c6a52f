import { hostService, runMain } from "@safebase/runtime";
import { startScheduler } from "./service.ts";

await runMain((config, signal) => hostService(startScheduler, config, { name: "scheduler", metrics_port: config.metrics_port }, signal));
