import { z } from "zod";

/** A storage's name: by it backups, schedules and commands mean it. It never changes. */
export const StorageName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "must be a name of 1 to 63 lower-case letters, digits and hyphens, which begins with a letter or a digit");

/** The storage that is always there: a folder on the executor's own machine. */
export const LOCAL_STORAGE = "local";

/** A storage, and how to reach it. `config_sealed` opens with the master key in the catalog, with the group's in a message to executors; null for the local one. */
export const StorageRef = z.object({ name: StorageName, config_sealed: z.string().nullable() });
export type StorageRef = z.infer<typeof StorageRef>;
