import { join } from "node:path";
import { mkdir } from "node:fs/promises";
import { SafebaseError } from "@safebase/contracts";
import { endOf, requireProgram, spawnGuarded } from "./guarded.ts";

const TAKEN = 75;
const PATIENCE_S = 2; // one that was killed a moment ago may still be going

/**
 * Keeps a data folder to one process until disposal. The lock is the kernel's (flock), held by a `cat` that ends with
 * us: nothing is left to clean up after a kill.
 */
export async function lockDataDir(dataDir: string): Promise<AsyncDisposable> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw new SafebaseError("storage_failed", `the data folder ${dataDir} cannot be made`, { hint: "set SAFEBASE_DATA_DIR to a folder that can be written", cause });
  });
  await requireProgram("setpriv", "--version", "util-linux");
  const args = ["--exclusive", "--timeout", String(PATIENCE_S), "--conflict-exit-code", String(TAKEN), "--no-fork", join(dataDir, "lock"), "cat"];
  const child = spawnGuarded("flock", args, { stdio: ["pipe", "pipe", "pipe"] });
  const ended = endOf(child);
  let complaint = "";
  child.stderr?.on("data", (data: Buffer) => { complaint += data.toString(); });
  child.stdin?.on("error", () => undefined); // it ended first, which `ended` tells
  const held = new Promise<"held">((resolve) => child.stdout?.once("data", () => resolve("held")));
  child.stdin?.write("held\n"); // comes back once cat runs
  const outcome = await Promise.race([held, ended]);
  if (outcome !== "held") {
    if (outcome.code === TAKEN) throw new SafebaseError("conflict", `SafeBase is already running on ${dataDir}`, { hint: "stop it, or set SAFEBASE_DATA_DIR to another folder" });
    throw new SafebaseError("internal", `${dataDir} cannot be locked: ${complaint.trim()}`, { cause: outcome.error });
  }
  return {
    [Symbol.asyncDispose]: async () => {
      child.stdin?.end();
      await ended;
    },
  };
}
