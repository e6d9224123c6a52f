import type { ErrorCode } from "@safebase/contracts";

const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;

/** All words of the pages in English, and the shape of every other language. What the API says comes as it is. */
export const en = {
  app: { skip: "Skip to content", menu: "Menu", navigation: "Main", language: "Language", theme: "Appearance", offline: "Connection lost. Trying to reach SafeBase again…", account: "Account", logout: "Log out", close: "Close", loading: "Loading…", retry: "Try again" },
  nav: { dashboard: "Dashboard", databases: "Databases", backups: "Backups" },
  languages: { en: "English", fr: "Français" },
  themes: { system: "System", light: "Light", dark: "Dark" },
  roles: { admin: "Admin", user: "User" },
  session: {
    loginTitle: "Log in", email: "Email", password: "Password", login: "Log in",
    firstTitle: "Welcome to SafeBase", firstLead: "Create the first account. It is the administrator's.",
    firstHint: "At least 8 characters. It cannot be sent to you if you lose it.", create: "Create account",
    wrong: "Email or password is wrong.", loggedOut: "You are logged out.", expired: "Your session has ended. Log in again.",
  },
  form: { needed: "Fill in this field.", email: "This is no email address.", short: "At least 8 characters.", cancel: "Cancel" },
  errors: {
    load: "This could not be loaded",
    notFoundTitle: "There is no such page", notFoundText: "The address may be mistyped, or what it showed is gone.", home: "To the dashboard",
    codes: {
      offline: "SafeBase cannot be reached", bad_request: "Something in the input is not right", unauthorized: "You are not logged in", forbidden: "You may not do that", not_found: "It does not exist",
      conflict: "Something stands against it at the moment", gone: "It is gone", too_large: "It is too large", too_many_requests: "Too many tries. Wait a moment", unreachable: "The server cannot be reached",
      auth_failed: "The server refuses this user or password", tls_failed: "No secure connection to the server", database_missing: "The server has no such database", insufficient_privileges: "The user's rights do not suffice",
      server_unsupported: "This server version is not supported", client_missing: "A program that is needed is not installed", dump_failed: "The dump failed", restore_failed: "The restore failed", incomplete_dump: "The dump was incomplete",
      verification_failed: "The test restore failed", artifact_missing: "The stored backup is missing", artifact_damaged: "The stored backup is damaged", identity_needed: "The key to open it is needed", exists: "It exists already",
      storage_full: "The storage is full", storage_failed: "The storage failed", storage_refused: "The storage refused", canceled: "It was canceled", time_limit: "It took too long", stalled: "It stood still for too long",
      lease_lost: "Its executor was lost", gave_up: "It was given up after several tries", no_executor: "No executor is there to do it", target_busy: "The target is in use", internal: "Something went wrong on our side",
    } satisfies Record<ErrorCode | "offline", string>,
  },
  engines: { postgresql: "PostgreSQL", mysql: "MySQL", mariadb: "MariaDB" },
  status: { pending: "Waiting", running: "Running", completed: "Completed", failed: "Failed", canceled: "Canceled" },
  triggers: { manual: "Manual", scheduled: "Scheduled", catch_up: "Catch-up", safety: "Safety" },
  triggerHints: { manual: "Ordered by hand", scheduled: "By a schedule", catch_up: "A run that was missed", safety: "Made before a restore" },
  phases: { prepare: "Preparing", dump: "Dumping", check: "Reading back", load: "Loading", swap: "Switching over" } as Record<string, string>,
  progress: { of: (done: string, total: string) => `${done} of about ${total}`, left: (time: string) => `about ${time} left`, waiting: "Waiting for an executor" },
  dashboard: {
    title: "Dashboard", safety: "Are we safe?",
    nothing: "Nothing is backed up yet.", nothingHint: "Add the first database, and back it up in a minute.",
    safe: (n: number) => (n === 1 ? "Your database has a backup as recent as it should be." : `All ${n} databases have a backup as recent as they should.`),
    risk: (names: string, n: number) => `${names}: the newest ${n === 1 ? "backup is" : "backups are"} nearly too old.`,
    missed: (names: string, n: number) => `${names}: ${n === 1 ? "no backup is" : "no backups are"} as recent as they should be.`,
    unplanned: (names: string, n: number) => `${names}: ${n === 1 ? "it has no schedule, so its backups grow" : "they have no schedule, so their backups grow"} old unnoticed.`,
    never: (names: string) => `${names}: no backup yet.`,
    verdicts: { nothing: "Not set up", safe: "Safe", risk: "At risk", missed: "Not safe" },
    see: "See databases", add: "Add a database",
    databases: "Databases", backups: "Completed backups", rate: "Success, 30 days", stored: "Stored",
    ofAll: (n: string) => `of ${n} in all`, failedHint: (n: string) => `${n} failed`, noneYet: "none yet",
    running: "Running now", idle: "Nothing is running.", last: "Newest backups", lastNone: "No backup has been made yet.", next: "Next runs", nextNone: "No schedule is set.", all: "All backups",
  },
  databases: {
    title: "Databases", search: "Search databases", add: "Add database", emptyTitle: "No database yet", emptyText: "Add one with its connection string. SafeBase tests it before it saves it.",
    noMatch: "No database fits the search.", name: "Name", address: "Address", state: "State", newest: "Newest backup", none: "never", actions: "Actions",
    backUp: "Back up now", backUpOf: (name: string) => `Back up now: ${name}`, ordered: (name: string) => `The backup of ${name} has begun.`, done: (name: string) => `The backup of ${name} is complete.`, failed: (name: string) => `The backup of ${name} failed.`,
    history: (name: string) => `Backups of ${name}`, found: (n: number) => count(n, "database", "databases"),
    states: { none: "No schedule", met: "Up to date", at_risk: "Nearly too old", missed: "Too old", running: "Backing up", never: "No backup" },
  },
  add: {
    title: "Add a database", how: "How to connect", byUrl: "Connection string", byFields: "Fields",
    url: "Connection string", urlHint: "postgres://, mysql:// or mariadb://, with user, password, host and database name. It is kept sealed.",
    name: "Name", nameHint: "What it is called here", type: "Type", host: "Host", port: "Port", username: "User", password: "Password", db_name: "Database name", ssl_mode: "TLS",
    test: "Test connection", testing: "Asking the server…", save: "Add database",
    ok: (server: string) => `Connected to ${server}`, size: "Size", tables: "Tables", tls: "TLS", yes: "yes", no: "no", warnings: "What would make a backup incomplete", added: (name: string) => `${name} is added.`,
  },
  backups: {
    title: "Backups", filters: "Filters", status: "Status", type: "Type", database: "Database", trigger: "Trigger", all: "All", size: "Size", made: "Made", took: "Took",
    emptyTitle: "No backup yet", emptyText: "Backups appear here as soon as one has begun.", noMatch: "No backup fits these filters.", clear: "Clear filters",
    pages: "Pages", previous: "Previous", next: "Next", page: (page: string, pages: string) => `Page ${page} of ${pages}`, total: (n: number) => count(n, "backup", "backups"),
    one: (id: number) => `Backup ${id}`, back: "All backups", download: "Download", facts: "Details", file: "File", raw: "Before compression", format: "Format", server: "Server", tool: "Made with", checksum: "SHA-256",
    verified: "Proved by a test restore", notVerified: "not yet", encrypted: "Encrypted", yes: "yes", no: "no", started: "Started", finished: "Finished",
    copies: "Copies", storage: "Storage", contents: "Contents", table: "Table", rows: "Rows", about: (n: string) => `about ${n}`, warnings: "Warnings", noContents: "What it holds is known when it is complete.",
    copyStates: { pending: "Being stored", good: "Good", missing: "Missing", damaged: "Damaged" },
  },
};

/** A language: a word that is missing, or takes other arguments, does not compile. */
export type Texts = typeof en;
