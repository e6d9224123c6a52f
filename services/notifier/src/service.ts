import { loadSecrets, startHeartbeat, type StartService } from "@safebase/runtime";
import { followChannels } from "./directory.ts";
import { GatewayWatch } from "./gateway-watch.ts";
import { Lanes } from "./lanes.ts";
import { createNotifierMetrics } from "./metrics.ts";
import { Post } from "./post.ts";
import { answerTests } from "./try-out.ts";

/**
 * Tells people what happened, through the channels that the gateway keeps in their bucket. Each has a queue, a lane and
 * a pace of its own, so that one that hangs does not hold up another.
 */
export const startNotifier: StartService = async (config, { bus, log, metrics: registry }) => {
  const { smtp_url, mail_from, allowed_targets, public_url, silence_s, reconcile_s } = config;
  const secrets = await loadSecrets(config.master_key, config.data_dir);
  const metrics = createNotifierMetrics(registry, () => lanes.groups);
  const post = new Post({ secrets, log, metrics, context: { smtp_url, mail_from, allowed_targets } });
  const means = { bus, log, post, metrics, public_url, lifetime_ms: config.notification_lifetime_s * 1000 };
  await using stack = new AsyncDisposableStack();
  const lanes = stack.use(new Lanes(means, 2_000 * reconcile_s));
  stack.use(followChannels(bus, (snapshot) => lanes.follow(snapshot)));
  stack.use(new GatewayWatch({
    ...means, silence_ms: silence_s * 1000, channel: (id) => lanes.channels.get(id),
    watchers: () => [...lanes.channels.values()].filter(({ watches_gateway }) => watches_gateway),
  }));
  stack.use(await answerTests(bus, post, public_url));
  stack.use(startHeartbeat(bus, "notifier"));
  const owned = stack.move();
  return { [Symbol.asyncDispose]: () => owned.disposeAsync() };
};
