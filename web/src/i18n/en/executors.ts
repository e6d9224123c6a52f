import { count } from "./count.ts";

export const executors = {
  title: "Executors", lead: "Executors do the work: they reach databases and storages, and run backups and restores. Those of a group serve the databases that are registered for it.",
  group: "Group", own: "SafeBase’s own", forAll: "open", forAdmins: "for admins", alive: (n: number) => (n === 0 ? "no executor" : count(n, "executor", "executors")), databases: (n: number) => count(n, "database", "databases"),
  dead: (group: string) => `No executor of the group ${group} lives: its databases are not backed up.`, none: "No executor of this group lives", noneText: "Databases can be registered for it; they are backed up when a machine has joined.",
  host: "Host", state: "State", states: { alive: "Alive", draining: "Stopping", lost: "Lost" }, draining: "Takes nothing more, and ends with what it runs", clients: "Programs", jobs: "Jobs", seen: "Last seen",
  since: (time: string) => `started ${time}`, of: (running: number, most: number | null) => (most === null ? String(running) : `${running} of ${most}`),
  otherVersion: (own: string) => `SafeBase is ${own}`, otherVersionHint: (host: string, version: string, own: string) => `${host} runs ${version}, the gateway ${own}: use the same version`,
  programs: (n: number) => count(n, "program", "programs"), upTo: (major: number) => `PostgreSQL up to ${major}`, lacksPostgres: "No pg_dump", lacksFamily: "No mysqldump, no mariadb-dump",
  lacks: { postgresql: "PostgreSQL databases are not backed up from here", family: "MySQL and MariaDB databases are not backed up from here" },
  kinds: { backup: "Backup", restore: "Restore", verify: "Test restore", check: "Check", copy: "Copy", delete: "Deletion" },
  openLabel: (group: string) => `Everybody may use the group ${group}`, opened: "Everybody may register databases in it.", closed: "Only admins may register databases in it.", remove: "Remove", removeOf: (group: string) => `Remove the group ${group}`,
  removeText: "No database is in it. Its unused join tokens end.", removed: (group: string) => `The group ${group} is removed.`,
  join: "Join an executor", joinTitle: "Join an executor", joinText: "A machine in another network joins a group, dials out to SafeBase’s NATS, and serves the databases of its group. Nothing has to reach it from outside.",
  groupHint: "Letters, digits, - and _. A new name makes a new group, for admins first.", life: "The token holds", lives: { 900: "a quarter of an hour", 3600: "an hour", 86400: "a day" }, make: "Make the token",
  command: "On that machine", commandHint: "Run this there; it asks for the token.", token: "Join token", tokenHint: "Shown only here, and good for one machine.", waiting: "Waiting for the machine…", hasKeys: (host: string) => `${host} has its keys. Waiting for its executor…`, arrived: (host: string) => `${host} is here.`,
  done: "Done", tokens: "Join tokens", tokensHint: "Not used yet", ends: "Ends", revoke: "Revoke", revokeOf: (group: string) => `Revoke the join token of ${group}`, revokeText: "Nobody joins by it any more.", revoked: "The join token is revoked.",
  chosen: "Executors", chosenHint: "Who connects to it: the group in whose network it is.", option: (group: string, own: boolean, alive: number) => `${group}${own ? " (SafeBase’s own)" : ""}${alive === 0 ? ", no executor" : ""}`,
};
