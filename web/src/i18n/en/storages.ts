import { count } from "./count.ts";

export const storages = {
  title: "Storages", new: "Add storage", newTitle: "Add a storage", add: "Test and add", addAnyway: "Add it all the same", added: (name: string) => `The storage ${name} is added.`,
  name: "Name", nameHint: "Lower-case letters, digits and hyphens. It never changes.", kind: "Kind", state: "State", space: "Space", copies: "Copies of backups", group: "Executors", since: "Since", checked: "Looked at",
  oneOnly: "All backups lie in one place. A second one, elsewhere, survives the loss of the first.",
  stands: { unknown: "Not looked at yet", up: "Reached", full: "Nearly full", down: "Not reached" }, neverSeen: "No executor has looked yet. They look every few minutes, as soon as backups are to go there.",
  free: (free: string, total: string) => `${free} free of ${total}`, holds: (bytes: string) => `${bytes} in it`, usedShare: (share: string) => `${share} full`,
  default: "default", defaultHint: "Backups go there when nothing else is said", common: "for everybody",
  isDefault: "Backups go here by default", isDefaultHint: "All that name no storage of their own: databases, schedules and single backups.",
  presets: {
    aws: { name: "Amazon S3", hint: "A bucket at AWS" }, r2: { name: "Cloudflare R2", hint: "S3 without fees for reading" }, s3: { name: "MinIO and other S3", hint: "Ceph, Backblaze, Wasabi, Garage…" },
    sftp: { name: "SFTP", hint: "A NAS or any SSH server" }, local: { name: "Folder", hint: "On the executors’ machine" },
  },
  fields: {
    endpoint: "Server address", region: "Region", bucket: "Bucket", prefix: "Prefix", access_key_id: "Access key", secret_access_key: "Secret key", session_token: "Session token", path_style: "Bucket in the address", ca: "Certificate authority",
    storage_class: "Storage class", encryption: "Encryption by the server", kms_key_id: "KMS key", lock_mode: "Object lock", lock_days: "Locked for days", part_size_mib: "Part size in MiB", timeout_s: "Silence allowed, in seconds",
    host: "Host", port: "Port", username: "User", password: "Password", private_key: "Private key", passphrase: "Passphrase of the key", host_fingerprint: "Fingerprint of the server’s key", root: "Path of the folder", reserve_mib: "Left free for others, in MiB",
  },
  hints: {
    endpoint: "Without bucket and path.", bucket: "It must be there already.", prefix: "Everything lies below it. Each SafeBase needs one of its own.", region: "Most servers but Amazon’s take any.", ca: "In PEM, beside those that the machine trusts.",
    host_fingerprint: "Shown by: ssh-keyscan HOST | ssh-keygen -lf -", lock_days: "For so long nobody can remove what was stored, not even SafeBase.", storage_class: "Nothing that has to be thawed before it is read.", root: "Made when it is missing.",
  },
  choices: {
    path_style: { "": "As usual for this server", true: "In the path", false: "In the host name" }, encryption: { "": "None", AES256: "AES256", "aws:kms": "aws:kms" },
    lock_mode: { "": "None", governance: "Governance: those with the right may remove", compliance: "Compliance: nobody may remove" },
  },
  auth: { label: "Log in with", password: "a password", key: "a private key" },
  advanced: "More settings", keep: "unchanged", key: "Encryption of all that goes there", keyHint: "Beside the database’s own key.", noKey: "As the database says", encrypted: "with a key of its own",
  shared: "For everybody", sharedHint: "Every user may store there; only admins change it.",
  change: "Change", changeTitle: (name: string) => `Change ${name}`, where: "Where it lies", target: "Address", set: "set", sealed: "set, kept sealed", ownFolder: "SafeBase’s data folder", whose: "Whose", mine: "yours", others: "another user’s", builtIn: "part of SafeBase",
  test: {
    action: "Test", ok: "It works: written, read back, listed and deleted.", steps: "Steps of the test", notReached: "not reached", fine: "done", failed: "failed",
    names: { write: "Write", read: "Read", list: "List", delete: "Delete" },
  },
  remove: {
    action: "Remove", title: (name: string) => `Remove the storage ${name}?`, text: "Nothing lies in it. What lies there of others stays.", holds: (n: number) => `${count(n, "copy of your backups lies", "copies of your backups lie")} in it.`,
    forget: "Forget these copies", forgetHint: "The files stay where they are. Backups without another copy are lost to SafeBase until the storage is added again and scanned.", done: (name: string) => `The storage ${name} is removed.`,
  },
  scan: {
    title: "Backups that SafeBase does not know", action: "Scan", text: "Reads what lies in this storage and takes up backups that the catalog does not have: after a loss of the catalog, or from another installation. Databases come back without their passwords.",
    states: { running: "Reading", completed: "Done", failed: "Failed" }, problems: "What was left out",
    found: (artifacts: string, known: string, backups: string, copies: string, databases: string) => `${artifacts} found, ${known} known already. Taken up: backups ${backups}, further copies ${copies}, databases ${databases}.`,
    nothing: "No backup lies there.", leftOut: (n: string) => `${n} left out:`,
  },
};
