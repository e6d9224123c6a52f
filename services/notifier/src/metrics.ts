import { CHANNEL_TYPES, DELIVERY_OUTCOMES, type ChannelType, type DeliveryEvent } from "@safebase/contracts";
import { Counter, Gauge, Histogram, type Registry } from "prom-client";

export interface NotifierMetrics {
  readonly notifications: Counter<"channel_type" | "outcome">;
  readonly delivery_s: Histogram<"channel_type">;
}

/** What of the notifier can be measured. Every series is there from the start, so that the first failure is an increase. */
export function createNotifierMetrics(registry: Registry, openGroups: () => number): NotifierMetrics {
  const notifications = new Counter({
    name: "safebase_notifications_total", help: "Tries to tell a channel of a notice, by what became of them: delivered and dead are final",
    labelNames: ["channel_type", "outcome"], registers: [registry],
  });
  for (const channel_type of CHANNEL_TYPES) for (const outcome of DELIVERY_OUTCOMES) notifications.inc({ channel_type, outcome }, 0);
  const delivery_s = new Histogram({
    name: "safebase_notification_delivery_duration_seconds", help: "How long a channel's other side took to take a message or to refuse it",
    labelNames: ["channel_type"], buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60], registers: [registry],
  });
  for (const channel_type of CHANNEL_TYPES) delivery_s.zero({ channel_type });
  registry.registerMetric(new Gauge({
    name: "safebase_notification_groups_open", help: "Messages that gather notices, or are being delivered", registers: [],
    collect() { this.set(openGroups()); },
  }));
  return { notifications, delivery_s };
}

export function countOutcome(metrics: NotifierMetrics, channel_type: ChannelType, outcome: DeliveryEvent["outcome"]): void {
  metrics.notifications.inc({ channel_type, outcome });
}
