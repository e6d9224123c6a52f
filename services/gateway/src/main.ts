import { hostService, runMain } from "@safebase/runtime";
import { startGateway } from "./service.ts";

await runMain((config, signal) => hostService(startGateway, config, { name: "gateway", with_gateway: true, metrics_port: config.metrics_port }, signal));
