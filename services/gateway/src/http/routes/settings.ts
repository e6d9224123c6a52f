import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Deps } from "../../jobs/deps.ts";
import { getSettings } from "../../settings/get.ts";
import { updateSettings } from "../../settings/update.ts";
import type { Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { answer, body, errors, ScopeQuery, needs, Storages } from "../schemas.ts";

const tags = ["settings"];
const schedules_paused = z.boolean().openapi({ description: "No schedule runs, and what would have run meanwhile is not caught up on" });
const registration = z.enum(["open", "closed"]);
const SettingsView = z.object({ schedules_paused, default_storages: z.array(z.string()).openapi({ description: "Where backups go of databases and schedules that name no storages" }), registration: registration.openapi({ description: "Who may make himself an account: open, anybody; closed, nobody" }), registration_fixed: z.boolean().openapi({ description: "SAFEBASE_REGISTRATION=closed: it is not opened here" }), version: z.string() }).openapi("Settings");

const get = createRoute({
  method: "get", path: "/", tags, summary: "Show what holds for the whole installation (admins)", ...needs("administer"), request: { query: ScopeQuery },
  responses: { 200: answer(z.object({ settings: SettingsView }), "The settings"), ...errors(401, 403) },
});

const update = createRoute({
  method: "put", path: "/", tags, summary: "Pause all schedules, say where backups go, or close registration (admins)", ...needs("administer"),
  request: { query: ScopeQuery, ...body(z.strictObject({ schedules_paused: schedules_paused.optional(), default_storages: Storages.nullable().optional().openapi({ description: "Of those that are for everybody; null: local" }), registration: registration.optional() })) },
  responses: { 200: answer(z.object({ settings: SettingsView }), "The settings"), ...errors(400, 401, 403, 409) },
});

export function settingsRoutes(deps: Deps) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(get, async (c) => c.json({ settings: await getSettings(deps, c.get("actor")) }, 200))
    .openapi(update, async (c) => c.json({ settings: await updateSettings(deps, c.get("actor"), c.req.valid("json")) }, 200));
}
