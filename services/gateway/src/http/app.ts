import { OpenAPIHono } from "@hono/zod-openapi";
import { SafebaseError } from "@safebase/contracts";
import type { Registry } from "prom-client";
import { Conversions } from "../download/conversions.ts";
import type { Deps } from "../jobs/deps.ts";
import { requireActor } from "./authentication.ts";
import type { Env } from "./context.ts";
import { answerError, refuseInvalid } from "./errors.ts";
import type { EventHub } from "./event-hub.ts";
import { jsonBody } from "./json-body.ts";
import { observe } from "./observe.ts";
import { registerSecurity } from "./openapi.ts";
import { auditRoutes } from "./routes/audit.ts";
import { authRoutes } from "./routes/auth.ts";
import { backupRoutes } from "./routes/backups.ts";
import { channelRoutes } from "./routes/channels.ts";
import { checkRoutes } from "./routes/checks.ts";
import { copyRoutes } from "./routes/copies.ts";
import { dashboardRoutes } from "./routes/dashboard.ts";
import { databaseRoutes } from "./routes/databases.ts";
import { downloadRoutes, linkRoutes } from "./routes/download.ts";
import { openedDownloadRoutes } from "./routes/download-opened.ts";
import { docsRoutes } from "./routes/docs.ts";
import { eventRoutes } from "./routes/events.ts";
import { executorRoutes } from "./routes/executors.ts";
import { joiningRoutes } from "./routes/joining.ts";
import { jobRoutes } from "./routes/jobs.ts";
import { keyRoutes } from "./routes/keys.ts";
import { noticeRoutes } from "./routes/notices.ts";
import { notificationRoutes } from "./routes/notifications.ts";
import { objectiveRoutes } from "./routes/objectives.ts";
import { opsRoutes } from "./routes/ops.ts";
import { recoveryRoutes } from "./routes/recovery.ts";
import { restoreRoutes } from "./routes/restores.ts";
import { retentionRoutes } from "./routes/retention.ts";
import { scanRoutes } from "./routes/scans.ts";
import { scheduleRoutes } from "./routes/schedules.ts";
import { serverRoutes } from "./routes/servers.ts";
import { settingsRoutes } from "./routes/settings.ts";
import { statsRoutes } from "./routes/stats.ts";
import { storageRoutes } from "./routes/storages.ts";
import { tokenRoutes } from "./routes/tokens.ts";
import { userRoutes } from "./routes/users.ts";
import { verificationRoutes } from "./routes/verifications.ts";
import { findRight } from "./route-rights.ts";
import { securityHeaders } from "./security-headers.ts";
import { answerWeb, type WebFiles } from "./web-files.ts";
import type { Watch } from "../watch/watch.ts";

/** What the app stands on beside the verbs' own. */
export interface AppDeps extends Deps { readonly metrics: Registry; readonly hub: EventHub; readonly watch: Watch; readonly web: WebFiles }

/** Everything that the gateway answers. Its type is the client's. */
export function createApp(deps: AppDeps) {
  const app = new OpenAPIHono<Env>({ defaultHook: refuseInvalid });
  const downloads = { ...deps, conversions: new Conversions(deps.config.conversions) };
  app.use(observe(deps.log, deps.metrics));
  app.use(securityHeaders(deps.config));
  app.onError((error, c) => answerError(deps.log, error, c));
  app.notFound((c) => answerWeb(deps.web, c) ?? answerError(deps.log, new SafebaseError("not_found", `there is no ${c.req.method} ${c.req.path}`, { hint: "see /api/docs" }), c));
  registerSecurity(app);
  app.route("/", opsRoutes(deps));
  app.route("/", docsRoutes(app, deps.config.public_url));
  app.use(findRight(app));
  app.use("/api/*", requireActor(deps));
  app.use(jsonBody);
  return app
    .route("/auth", authRoutes(deps))
    .route("/api/databases", databaseRoutes(deps))
    .route("/api/servers", serverRoutes(deps))
    .route("/api/backups", backupRoutes(deps))
    .route("/api/backups", copyRoutes(deps))
    .route("/api/backups", downloadRoutes(downloads))
    .route("/download", linkRoutes(downloads))
    .route("/api/backups", openedDownloadRoutes(downloads))
    .route("/api/keys", keyRoutes(deps))
    .route("/api/restores", restoreRoutes(deps))
    .route("/api/verifications", verificationRoutes(deps))
    .route("/api/checks", checkRoutes(deps))
    .route("/api/jobs", jobRoutes(deps))
    .route("/api/schedules", scheduleRoutes(deps))
    .route("/api/settings", settingsRoutes(deps))
    .route("/api/recovery", recoveryRoutes(deps))
    .route("/api/retention", retentionRoutes(deps))
    .route("/api/objectives", objectiveRoutes(deps))
    .route("/api/storages", storageRoutes(deps))
    .route("/api/storages", scanRoutes(deps))
    .route("/api/executors", executorRoutes(deps))
    .route("/api/executors", joiningRoutes(deps))
    .route("/api/channels", channelRoutes(deps))
    .route("/api/notifications", notificationRoutes(deps))
    .route("/api/notices", noticeRoutes(deps))
    .route("/api/events", eventRoutes(deps))
    .route("/api/dashboard", dashboardRoutes(deps))
    .route("/api/stats", statsRoutes(deps))
    .route("/api/audit", auditRoutes(deps))
    .route("/api/tokens", tokenRoutes(deps))
    .route("/api/users", userRoutes(deps));
}

export type App = ReturnType<typeof createApp>;
