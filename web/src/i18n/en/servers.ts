import { count } from "./count.ts";

/** Whole servers, whose databases are registered as they come. */
export const servers = {
  title: "Servers", add: "Add server", addTitle: "Follow a server", back: "All servers", emptyTitle: "No server is followed", emptyText: "Name a server once, and its databases are registered by themselves: those that are there, and each that comes.",
  name: "Name", nameHint: "Its databases are called <name>/<database>", address: "Address", databases: "Databases", lastSync: "Last look", never: "not yet", missing: (n: number) => `${n} gone`, count: (n: number) => count(n, "database", "databases"),
  problem: "It could not be asked", where: "The server", url: "Connection string", urlHint: "Pasted, it fills the fields. Without a database: the server is meant.", keepPassword: "Empty: as it is. Needed again when host, port, user or TLS change.",
  which: "Which databases", include: "Take", includeHint: "One pattern on each line: * is any text, ? any single sign.", exclude: "Leave", excludeHint: "What these match is never taken.", look: "Show its databases", looking: "Asking the server…",
  taken: "Taken", left: "Left", none: "The server has no databases.", outcome: (taken: number, all: number) => `${taken} of ${count(all, "database", "databases")} would be taken`,
  because: { not_included: "no pattern takes it", excluded: "a pattern leaves it", system: "the server’s own", safebase: "made by SafeBase", left_out: "unregistered by hand", registered: "registered already", closed: "the user may not connect to it" },
  future: "What new databases get", futureHint: "Databases that are registered already stay as they are.", scheduled: "Back them up by a schedule", usualStorages: "Where the installation says", key: "Encrypted with", noKey: "not encrypted",
  create: "Follow this server", save: "Save", created: (n: number) => `The server is followed: ${count(n, "database", "databases")}.`, saved: "The server is saved.", sync: "Look now", synced: (added: number) => `${count(added, "database is", "databases are")} new.`, syncedNone: "Nothing is new.",
  gone: "gone since", list: "Its databases", leftOut: "Unregistered by hand", takeAgain: "Take again", takeAgainOf: (name: string) => `Take again: ${name}`, closed: (names: string) => `The user may not connect to ${names}.`,
  remove: "Follow no more", removeTitle: (name: string) => `Follow ${name} no more?`, removeText: "New databases are not registered any more. Backups stay in any case.", removeAll: "Unregister its databases, too", removed: "The server is followed no more.", readOnly: "You may look at this server, not change it.",
};
