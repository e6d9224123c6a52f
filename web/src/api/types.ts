import type { InferRequestType, InferResponseType } from "hono/client";
import type { api, auth } from "./client.ts";

type Routes = typeof api;

export type Notice = InferResponseType<Routes["notices"]["$get"], 200>["notices"][number];
export type Me = InferResponseType<(typeof auth)["me"]["$get"], 200>;
export type User = Me["user"];
export type Database = InferResponseType<Routes["databases"]["$get"], 200>["databases"][number];
export type TestResult = InferResponseType<Routes["databases"]["test"]["$post"], 200>;
export type Objective = InferResponseType<Routes["objectives"]["$get"], 200>["objectives"][number];
export type Stats = InferResponseType<Routes["stats"]["$get"], 200>;
export type Backup = InferResponseType<Routes["backups"]["$get"], 200>["backups"][number];
export type BackupDetails = InferResponseType<Routes["backups"][":id"]["$get"], 200>["backup"];
export type Progress = NonNullable<Backup["progress"]>;
export type Status = Backup["status"];
export type EngineType = Backup["type"];
export type Schedule = InferResponseType<Routes["schedules"]["$get"], 200>["schedules"][number];
export type SchedulePreview = InferResponseType<Routes["schedules"]["preview"]["$post"], 200>;
export type RetentionPreview = InferResponseType<Routes["retention"]["preview"]["$post"], 200>;
export type Storage = InferResponseType<Routes["storages"]["$get"], 200>["storages"][number];
export type StorageConfig = InferRequestType<Routes["storages"]["$post"]>["json"]["config"];
export type StorageTest = InferResponseType<Routes["storages"]["test"]["$post"], 200>;
export type Scan = InferResponseType<Routes["storages"][":id"]["scans"]["$get"], 200>["scans"][number];
export type Key = InferResponseType<Routes["keys"]["$get"], 200>["keys"][number];
export type DatabaseOverview = InferResponseType<Routes["databases"]["overview"]["$get"], 200>["databases"][number];
export type StandingCounts = InferResponseType<Routes["databases"]["overview"]["$get"], 200>["counts"];
