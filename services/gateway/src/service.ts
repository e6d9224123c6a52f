import { join } from "node:path";
import { createStorageMetrics, createTargets, loadSecrets, startHeartbeat, STORAGE_CONTEXT, type StartService } from "@safebase/runtime";
import { StoragePool } from "@safebase/storage";
import { openCatalog } from "./catalog/open.ts";
import { syncConfiguredChannels } from "./channels/configured.ts";
import { createApp } from "./http/app.ts";
import { EventHub } from "./http/event-hub.ts";
import { listen } from "./http/server.ts";
import { loadWebFiles, WEB_DIR } from "./http/web-files.ts";
import type { Core } from "./jobs/deps.ts";
import { startJobs } from "./jobs/start.ts";
import { createOutcomeMetrics } from "./metrics/outcomes.ts";
import { registerStanding } from "./metrics/standing.ts";
import { checkMasterKey } from "./recovery/master-key.ts";
import { Watch } from "./watch/watch.ts";

export type { App } from "./http/app.ts";

/** The gateway: the catalog, the work on it that nobody asks for, and the REST API. Disposal goes the other way round. */
export const startGateway = (async (config, { bus, log, metrics }) => {
  await using stack = new AsyncDisposableStack();
  const secrets = await loadSecrets(config.master_key, config.data_dir);
  const { db } = stack.use(await openCatalog(config.catalog_url));
  const storages = new StoragePool({
    local_root: join(config.data_dir, "artifacts"), unseal: (sealed) => secrets.open(sealed, STORAGE_CONTEXT),
    spool_dir: join(config.data_dir, "recovery"), // all that it writes are the catalog's copies
    lookup: createTargets(config.allowed_targets).lookup, meters: createStorageMetrics(metrics), log,
  });
  const core: Core = { db, bus, log, config, secrets, storages, outcomes: createOutcomeMetrics(metrics, db), now: () => new Date() };
  await checkMasterKey(core);
  registerStanding(metrics, core);
  await syncConfiguredChannels(core);
  const { dispatcher, progress, background } = stack.use(startJobs(core));
  stack.use(startHeartbeat(bus, "gateway"));
  const watch = stack.use(new Watch(core, dispatcher).start());
  const hub = stack.use(new EventHub(bus));
  const app = createApp({ ...core, dispatcher, progress, background, hub, watch, metrics, web: loadWebFiles(WEB_DIR) });
  const server = stack.use(await listen(app, config, () => hub.endAll()));
  log.info({ url: server.url }, `SafeBase listens at ${config.public_url ?? server.url}`);
  const owned = stack.move();
  return { url: server.url, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}) satisfies StartService;
