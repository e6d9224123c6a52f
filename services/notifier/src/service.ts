import { STREAMS, subjects } from "@safebase/contracts";
import { work, type StartService } from "@safebase/runtime";
import { Counter } from "prom-client";
import { configuredChannels } from "./channels/registry.ts";
import { createDelivery } from "./delivery.ts";

const ACK_WAIT_MS = 60_000;

/**
 * Tells people what happened. Each channel has its own place in the stream of notices, so that one that hangs does
 * not hold up another.
 */
export const startNotifier: StartService = async (config, { bus, log, metrics }) => {
  const channels = configuredChannels(config);
  if (channels.length === 0) log.info("nobody is told of failures: SAFEBASE_ALERT_EMAIL and SAFEBASE_ALERT_WEBHOOK_URL are not set");
  const deliveries = new Counter({
    name: "safebase_notifier_deliveries_total", help: "Tries to deliver a notice",
    labelNames: ["channel", "outcome"], registers: [metrics],
  });
  const workers = channels.map((channel) => work(bus, {
    stream: STREAMS.notices, durable: `notifier-${channel.name}`, filter: subjects.allNotices,
    concurrency: 1, ack_wait_ms: ACK_WAIT_MS, handle: createDelivery(channel, log, deliveries),
  }));
  return {
    [Symbol.asyncDispose]: async () => { await Promise.all(workers.map((worker) => worker[Symbol.asyncDispose]())); },
  };
};
