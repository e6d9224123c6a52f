import type { Texts } from "./en.ts";
import { add } from "./fr/add.ts";
import { alerts } from "./fr/alerts.ts";
import { app } from "./fr/app.ts";
import { backup } from "./fr/backup.ts";
import { attention } from "./fr/attention.ts";
import { backups } from "./fr/backups.ts";
import { charts } from "./fr/charts.ts";
import { cron } from "./fr/cron.ts";
import { dashboard } from "./fr/dashboard.ts";
import { database } from "./fr/database.ts";
import { databases } from "./fr/databases.ts";
import { durations } from "./fr/durations.ts";
import { errors } from "./fr/errors.ts";
import { executors } from "./fr/executors.ts";
import { keys } from "./fr/keys.ts";
import { log } from "./fr/log.ts";
import { notices } from "./fr/notices.ts";
import { restores } from "./fr/restores.ts";
import { objectives } from "./fr/objectives.ts";
import { retention } from "./fr/retention.ts";
import { schedules } from "./fr/schedules.ts";
import { servers } from "./fr/servers.ts";
import { session } from "./fr/session.ts";
import { start } from "./fr/start.ts";
import { storages } from "./fr/storages.ts";
import { audit } from "./fr/audit.ts";
import { settings } from "./fr/settings.ts";
import { profile, tokens, users } from "./fr/users.ts";
import { work } from "./fr/work.ts";

/** All words of the pages in French. */
export const fr: Texts = {
  ...app,
  ...work,
  add,
  alerts,
  backup,
  attention,
  backups,
  charts,
  cron,
  dashboard,
  database,
  databases,
  durations,
  errors,
  executors,
  keys,
  log,
  notices,
  restores,
  objectives,
  retention,
  schedules,
  servers,
  session,
  start,
  storages,
  audit,
  profile,
  settings,
  tokens,
  users,
};
