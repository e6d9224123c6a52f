export * from "./storage.ts";
export * from "./keys.ts";
export * from "./abort.ts";
export * from "./registry.ts";
