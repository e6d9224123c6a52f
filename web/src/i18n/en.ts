import { add } from "./en/add.ts";
import { alerts } from "./en/alerts.ts";
import { app } from "./en/app.ts";
import { backup } from "./en/backup.ts";
import { attention } from "./en/attention.ts";
import { backups } from "./en/backups.ts";
import { charts } from "./en/charts.ts";
import { cron } from "./en/cron.ts";
import { dashboard } from "./en/dashboard.ts";
import { database } from "./en/database.ts";
import { databases } from "./en/databases.ts";
import { durations } from "./en/durations.ts";
import { errors } from "./en/errors.ts";
import { executors } from "./en/executors.ts";
import { keys } from "./en/keys.ts";
import { log } from "./en/log.ts";
import { notices } from "./en/notices.ts";
import { restores } from "./en/restores.ts";
import { objectives } from "./en/objectives.ts";
import { retention } from "./en/retention.ts";
import { schedules } from "./en/schedules.ts";
import { servers } from "./en/servers.ts";
import { session } from "./en/session.ts";
import { start } from "./en/start.ts";
import { storages } from "./en/storages.ts";
import { audit } from "./en/audit.ts";
import { settings } from "./en/settings.ts";
import { profile, tokens, users } from "./en/users.ts";
import { work } from "./en/work.ts";

/** All words of the pages in English, and the shape of every other language. What the API says comes as it is. */
export const en = {
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

/** A language: a word that is missing, or takes other arguments, does not compile. */
export type Texts = typeof en;
