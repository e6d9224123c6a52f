import { SafebaseError } from "@safebase/contracts";
import { NETWORK } from "../network.ts";
import type { SftpConfig } from "./config.ts";

/** The protocol's status codes that say something; servers answer most failures with 4, which does not. */
export const STATUS = { no_such_file: 2, permission_denied: 3, failure: 4, exists: 11, no_space: 14, quota: 15 } as const;

type Raw = Error & { code?: number | string; level?: string; errors?: (Error & { code?: string })[] };

/** The status with which the server answered, if that is what failed. */
export function statusOf(error: unknown): number | undefined {
  const raw = (error instanceof SafebaseError ? error.cause : error) as Raw | undefined;
  return typeof raw?.code === "number" ? raw.code : undefined;
}

/** An error of the library in our words: what happened, and what to do about it. */
export function sftpError(config: SftpConfig, sentence: string, error: unknown): SafebaseError {
  if (error instanceof SafebaseError) return error;
  const raw = error as Raw;
  const { problem, hint, code = "storage_failed" } = explain(config, raw);
  return new SafebaseError(code, `${sentence}: ${problem}`, { hint, cause: error });
}

const CHECK_ADDRESS = "check `host` and `port`, and that this host may reach it";

type Explanation = { problem: string; hint?: string; code?: "storage_full" | "storage_refused" };

function explain(config: SftpConfig, raw: Raw): Explanation {
  const where = `${config.host}:${config.port}`;
  if (typeof raw.code === "number") return answered(where, raw.code, raw.message);
  if (raw.level === "client-authentication") {
    return { code: "storage_refused", problem: `${where} does not accept this user with this password or key`, hint: "check `username`, and `password` or `private_key`" };
  }
  if (/privateKey|passphrase/i.test(raw.message)) {
    return { code: "storage_refused", problem: "the private key cannot be read", hint: "check `private_key`, and the `passphrase` that belongs to it" };
  }
  if (/subsystem/i.test(raw.message)) return { code: "storage_refused", problem: `${where} speaks SSH but offers no SFTP`, hint: "enable the sftp subsystem on the server" };
  const unreachable = NETWORK[raw.code ?? raw.errors?.[0]?.code ?? ""];
  if (unreachable) return { problem: `${where} ${unreachable}`, hint: CHECK_ADDRESS };
  if (/no matching/i.test(raw.message)) return { code: "storage_refused", problem: `${where} and we have no cipher or key type in common`, hint: "allow a current algorithm on the server" };
  if (/timed out|timeout/i.test(raw.message)) return { problem: `${where} does not answer in time`, hint: CHECK_ADDRESS };
  if (/handshake|identification|protocol/i.test(raw.message) && raw.level !== "client-socket") {
    return { problem: `${where} answers, but not as an SSH server should (${raw.message})`, hint: "check `host` and `port`" };
  }
  return { problem: `${where} cut the connection` };
}

function answered(where: string, status: number, message: string): Explanation {
  switch (status) {
    case STATUS.permission_denied: return { code: "storage_refused", problem: "the server does not permit it", hint: "let the user read and write `root` and all that is in it" };
    case STATUS.no_space: case STATUS.quota: return { code: "storage_full", problem: "no space is left on the storage", hint: "free some space or delete old backups" };
    case STATUS.no_such_file: return { problem: "there is no such file or folder" };
    default: return { problem: `${where} answered ${message} (status ${status})` };
  }
}

/** The server says no more than that it failed, but its file system tells why. */
export function readOnly(sentence: string, cause: unknown): SafebaseError {
  return new SafebaseError("storage_refused", `${sentence}: it is mounted read-only on the server`, { hint: "mount it so that it can be written, or correct `root`", cause });
}

/** The server's key is another than the one that was pinned. */
export function otherHostKey({ host, port, host_fingerprint }: SftpConfig, found: string): SafebaseError {
  return new SafebaseError("storage_refused", `${host}:${port} shows the key ${found}, not ${host_fingerprint}: it may be another server`, {
    hint: "ask whoever runs the server; only when its key has really changed (or is of another type), set `host_fingerprint` to the new one",
  });
}
