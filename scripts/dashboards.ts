import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { dashboardJson } from "./dashboards/dashboard.ts";
import { fleet } from "./dashboards/fleet.ts";
import { jobs } from "./dashboards/jobs.ts";
import { services } from "./dashboards/services.ts";

/** Writes Grafana's dashboards: `node scripts/dashboards.ts`. A test holds that the files are what this writes. */
export const DASHBOARDS_DIR = resolve(import.meta.dirname, "../deploy/grafana/dashboards");

export const DASHBOARD_FILES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({ fleet, jobs, services }).map(([name, dashboard]) => [`${name}.json`, `${JSON.stringify(dashboardJson(dashboard), null, 2)}\n`]),
);

if (import.meta.main) {
  for (const [name, text] of Object.entries(DASHBOARD_FILES)) await writeFile(join(DASHBOARDS_DIR, name), text);
}
