import { hostService, runMain } from "@safebase/runtime";
import { startNotifier } from "./service.ts";

await runMain((config, signal) => hostService(startNotifier, config, { name: "notifier", metrics_port: config.metrics_port }, signal));
