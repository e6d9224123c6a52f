import type { RetentionPolicy } from "@safebase/contracts";
import type { EngineType, Server } from "../../api/types.ts";
import { asksForAuthority } from "../databases/connection.ts";
import { bodyOf, optionsOf, usualOptions, type Options } from "../schedules/options.ts";

/** A server as a form holds it. Patterns stand on a line each. */
export interface ServerValues {
  readonly name: string; readonly type: EngineType; readonly host: string; readonly port: string; readonly username: string; readonly password: string; readonly ssl_mode: Server["ssl_mode"]; readonly ssl_ca: string; readonly executor_group: string;
  readonly include: string; readonly exclude: string; readonly retention: RetentionPolicy | null; readonly storages: readonly string[] | null; readonly encryption_key_id: number | null; readonly scheduled: boolean; readonly options: Options;
}

export const SERVER_FIELDS = ["name", "url", "type", "host", "port", "username", "password", "ssl_mode", "ssl_ca", "executor_group", "include", "exclude", "retention", "encryption_key_id", "storages", "cron", "timezone", "jitter_s", "verify_every"];

export function freshServer(): ServerValues {
  return { name: "", type: "postgresql", host: "", port: "", username: "", password: "", ssl_mode: "prefer", ssl_ca: "", executor_group: "", include: "*", exclude: "", retention: { daily: 7, weekly: 4, monthly: 12 }, storages: null, encryption_key_id: null, scheduled: true, options: usualOptions() };
}

/** A schedule's own retention is shown as what its databases get: one is enough to choose. */
export function knownServer(server: Server): ServerValues {
  const { name, type, host, username, ssl_mode, storages, encryption_key_id, schedule } = server;
  return {
    name, type, host, port: String(server.port), username, password: "", ssl_mode, ssl_ca: server.ssl_ca ?? "", executor_group: server.executor_group, include: server.include.join("\n"), exclude: server.exclude.join("\n"),
    retention: schedule?.retention ?? server.retention, storages, encryption_key_id, scheduled: schedule !== null, options: schedule === null ? usualOptions() : optionsOf(schedule),
  };
}

function linesOf(text: string): string[] {
  return text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
}

export function patternsOf({ include, exclude }: ServerValues) {
  return { include: linesOf(include), exclude: linesOf(exclude) };
}

/** Where it is and how it is reached, as the API takes it. */
export function placeOf({ type, host, port, username, password, ssl_mode, ssl_ca, executor_group }: ServerValues) {
  return {
    type, host: host.trim(), ...(executor_group === "" ? {} : { executor_group }), username: username.trim(), ssl_mode, ...(port.trim() === "" ? {} : { port: port.trim() }), ...(password === "" ? {} : { password }),
    ...(asksForAuthority(ssl_mode) && ssl_ca.trim() !== "" ? { ssl_ca: ssl_ca.trim() } : {}),
  };
}

/** What new databases get. A server that had no spread is left to the usual one: not all begin at once. */
export function settingsOf(values: ServerValues, before?: Server) {
  const { jobs: _, globals: __, jitter_s, ...schedule } = bodyOf(values.options);
  return {
    ...patternsOf(values), retention: values.retention, encryption_key_id: values.encryption_key_id, storages: values.storages === null ? null : [...values.storages],
    schedule: values.scheduled ? { ...schedule, retention: null, ...(before?.schedule === undefined || before.schedule === null ? {} : { jitter_s }) } : null,
  };
}
