export * from "./commands.ts";
export * from "./database.ts";
export * from "./errors.ts";
export * from "./events.ts";
export * from "./subjects.ts";
