import { ENGINE_TYPES, OBJECTIVE_KINDS } from "@safebase/contracts";
import { OBJECTIVE_STATES } from "../catalog/schema.ts";
import { age_s, type Facts } from "./facts.ts";
import type { Gauges, Sample } from "./read-gauge.ts";

/** How each database stands, and how many stand so. */
export const databaseGauges: Gauges<Facts> = {
  safebase_databases: {
    help: "Registered databases",
    read: ({ database_counts }) => ENGINE_TYPES.map((engine) => ({
      labels: { engine }, value: sum(database_counts.filter(({ type }) => type === engine).map(({ databases }) => databases)),
    })),
  },
  safebase_backups_damaged: {
    help: "Backups that a check found damaged or missing, and that are still listed",
    read: ({ damaged }) => ENGINE_TYPES.map((engine) => ({ labels: { engine }, value: damaged.find(({ type }) => type === engine)?.backups ?? 0 })),
  },
  safebase_copies_lost: {
    help: "Copies of backups that are damaged or missing in a storage, and not made good yet",
    read: ({ lost_copies, storage_names }) => storage_names.flatMap((storage) => (["damaged", "missing"] as const).map((state) => ({
      labels: { storage, state }, value: lost_copies.find((each) => each.storage === storage && each.state === state)?.copies ?? 0,
    }))),
  },
  safebase_database_last_success_timestamp_seconds: {
    help: "When the data of a database's newest completed backup was taken that is not known to be damaged; 0 when there is none",
    read: ({ databases }) => databases.map((database) => ({ labels: labelsOf(database), value: time_s(database.last_success_at) })),
  },
  safebase_database_last_verified_timestamp_seconds: {
    help: "When the data of a database's newest backup that a test restore has proved was taken; 0 when there is none",
    read: ({ databases }) => databases.map((database) => ({ labels: labelsOf(database), value: time_s(database.last_verified_at) })),
  },
  safebase_objectives: {
    help: "Objectives by how they stand: all of them, also of databases without series of their own",
    read: ({ objectives }) => OBJECTIVE_KINDS.flatMap((objective) => OBJECTIVE_STATES.map((state) => ({
      labels: { objective, state }, value: objectives.filter((each) => each.kind === objective && each.state === state).length,
    }))),
  },
  safebase_objective_state: {
    help: "How a database's objective stands: 0 nothing to hold it to, 1 met, 2 at risk, 3 missed",
    read: (facts) => ofObjectives(facts, ({ state }) => OBJECTIVE_STATES.indexOf(state)),
  },
  safebase_objective_limit_seconds: {
    help: "How old a database's newest backup, or newest verified one, may get",
    read: (facts) => ofObjectives(facts, ({ limit_s }) => limit_s),
  },
  safebase_objective_age_seconds: {
    help: "How old the data of a database's newest backup, or newest verified one, is; missing when there is none",
    read: (facts) => ofObjectives(facts, ({ kind }, { last_success_at, last_verified_at }) => {
      const newest_at = kind === "backup" ? last_success_at : last_verified_at;
      return newest_at === null ? undefined : age_s(facts, newest_at);
    }),
  },
};

type Objective = Facts["objectives"][number];
type Database = Facts["databases"][number];

/** One sample for each objective of a listed database that has a value. */
function ofObjectives({ databases, objectives }: Facts, valueOf: (objective: Objective, database: Database) => number | undefined): Sample[] {
  const listed = new Map(databases.map((database) => [database.id, database]));
  return objectives.flatMap((objective) => {
    const database = listed.get(objective.database_id);
    const value = database === undefined ? undefined : valueOf(objective, database);
    return database === undefined || value === undefined ? [] : [{ labels: { ...labelsOf(database), objective: objective.kind }, value }];
  });
}

function labelsOf({ id, name, type }: Database): Sample["labels"] {
  return { database_id: id, database: name, engine: type };
}

function time_s(at: string | null): number {
  return at === null ? 0 : Date.parse(at) / 1000;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
