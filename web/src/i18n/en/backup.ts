import { count } from "./count.ts";

/** The page of one backup. */
export const backup = {
  title: (id: string) => `Backup ${id}`, back: "All backups", facts: "Details", size: "Stored", times: (ratio: string) => `(${ratio} times smaller)`, raw: "Before compression", took: "Took", started: "Started", database: "Database", made: "Why", server: "Server", tool: "Made with", format: "Format",
  inParts: "In parts", automatic: "automatic", files: (n: number) => count(n, "file", "files"), globals: "Roles and tablespaces", encrypted: "Encrypted", owner: "Owner", yes: "yes", no: "no", file: "File", checksum: "SHA-256",
  warnings: "What may be missing in it",
  parts: "Files", part: "File", partsNote: "The backup’s own SHA-256 is that of this list, as sha256sum prints it: a line for each file, in this order.",
  contents: "Contents", holds: (tables: number, rows: string, exact: boolean) => `${count(tables, "table", "tables")}, ${exact ? "" : "about "}${rows} rows`, noContents: "What it holds is known when it is complete.", noTables: "It holds no table.", searchTables: "Search tables", noTable: "No table fits.",
  copies: "Where it lies", noCopies: "It lies nowhere any more.", checkedAt: "Read back", repair: "Repair", repairOf: (storage: string) => `Repair the copy in ${storage}`, repairing: (storage: string) => `The copy in ${storage} is made again.`, copying: "Being copied", waits: "Waiting to be copied",
  proof: "Does it restore?", proved: "Proved by a test restore", unproved: "Not proved yet", unprovedText: "A test restore loads it into a database of its own and compares every table.", intact: "Stored as it was written", damaged: "Damaged", missing: "Its files are missing", lostText: "It is not counted on any more: back the database up again.",
  testRestore: "Test restore", check: "Check", found: (tables: number, rows: string) => `${count(tables, "table", "tables")}, ${rows} rows`, difference: (table: string, expected: string, found: string) => `${table}: ${expected} rows expected, ${found} found`,
  restore: "Restore", download: "Download", verify: "Test restore", verifyOrdered: "The test restore is ordered.", checkAction: "Check", checkOrdered: "The check is ordered.", pin: "Pin", unpin: "Unpin", pinned: "Pinned: nothing removes it.", unpinned: "Not pinned any more.",
  cancel: "Cancel", cancelTitle: "Cancel this backup?", cancelText: "What runs is ended, and leaves nothing behind.", cancelAction: "Cancel the backup",
  delete: "Delete", deleteTitle: (name: string, id: number) => `Delete backup ${id} of ${name}?`, deleteText: "Its files are removed from every storage. This cannot be taken back.", deleteLast: "This is the last completed backup of the database: without it, there is nothing to restore from. This cannot be taken back.", deletePinned: "It is pinned: unpin it first.", deleted: (id: number) => `Backup ${id} is deleted.`,
  forms: { stored: "As stored", sql: "SQL script", zip: "SQL in a zip", gz: "SQL in gzip" }, form: "Form", converted: "converted on the way",
  identity: "Identity", identityHint: "AGE-SECRET-KEY-1…, or age’s own file. It is used for this and kept nowhere else.", identityText: "This backup is encrypted, and what opens it is kept away by you. Choose the file with age’s identity.",
  waitsFor: { time: "Waits for its time", restore: "Waits for a restore into this database to end", server: "Waits for another dump of its server to end", turn: "Waiting for its turn", executor: "Waiting for an executor" },
  link: "Link for elsewhere…", linkTitle: "Download link", linkText: "Whoever has the link downloads the backup once, on any machine, without logging in. Hand it on like a secret.", linkLife: "It holds for", makeLink: "Make the link", linkOnce: "It is shown only now. The first download uses it up.", curl: "Command", url: "Address", linkEnds: "Ends",
};
