import { CHANNEL_TYPES, type ChannelType } from "@safebase/contracts";
import { age_s, type Facts } from "./facts.ts";
import type { Gauges } from "./read-gauge.ts";

const OPEN = ["pending", "retrying"] as const;

/** Whether people are told. */
export const notificationGauges: Gauges<Facts> = {
  safebase_notifications_unpublished: {
    help: "Notifications that NATS has not taken yet",
    read: ({ notifications }) => [{ labels: {}, value: notifications.filter(({ status }) => status !== "dead").reduce((total, each) => total + each.unpublished, 0) }],
  },
  safebase_notifications_open: {
    help: "Notifications that are not delivered yet",
    read: (facts) => CHANNEL_TYPES.flatMap((channel_type) => OPEN.map((status) => ({ labels: { channel_type, status }, value: count(facts, channel_type, status) }))),
  },
  safebase_notifications_oldest_age_seconds: {
    help: "How long the oldest of these has been waiting; 0 when none does",
    read: (facts) => CHANNEL_TYPES.map((channel_type) => ({
      labels: { channel_type },
      value: Math.max(0, ...facts.notifications.filter((each) => each.channel_type === channel_type && each.status !== "dead").map(({ oldest_at }) => age_s(facts, oldest_at))),
    })),
  },
  safebase_notifications_dead: {
    help: "Notifications that were given up in the last 24 hours",
    read: (facts) => CHANNEL_TYPES.map((channel_type) => ({ labels: { channel_type }, value: count(facts, channel_type, "dead") })),
  },
};

function count({ notifications }: Facts, channel_type: ChannelType, status: string): number {
  return notifications.find((each) => each.channel_type === channel_type && each.status === status)?.notifications ?? 0;
}
