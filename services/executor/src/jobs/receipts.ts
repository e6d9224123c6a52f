import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { JobEvent, type Command } from "@safebase/contracts";

const KEEP_MS = 7 * 24 * 3600 * 1000;

/**
 * The executor's own memory of jobs that it has ended: the final event, on disk before anybody is told. A command that
 * comes again, after a crash or a loss of NATS, is answered from here instead of being run twice (a second restore
 * would undo what was written since the first).
 */
export class Receipts {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The final event of this job, if it was ended here. */
  async find(command: Command): Promise<JobEvent | undefined> {
    const text = await unlessGone(readFile(this.#path(command), "utf8"));
    return text === undefined ? undefined : JobEvent.parse(JSON.parse(text));
  }

  /** Durable when it returns. */
  async write(command: Command, event: JobEvent): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const path = this.#path(command);
    const temporary = `${path}.${process.pid}.tmp`;
    await writeFile(temporary, JSON.stringify(event), { mode: 0o600, flush: true });
    await rename(temporary, path);
    await using folder = await open(this.#folder, "r");
    await folder.sync();
  }

  /** Forgets what is older than a week: by then the gateway has long recorded it. Other executors may write there meanwhile. */
  async prune(now = Date.now()): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(this.#folder)) {
      const path = join(this.#folder, name);
      const found = await unlessGone(stat(path));
      if (found !== undefined && now - found.mtimeMs > KEEP_MS) await rm(path, { force: true });
    }
  }

  #path(command: Command): string {
    return join(this.#folder, `${command.job_id}-${Date.parse(command.created_at)}.json`);
  }
}

function unlessGone<T>(reading: Promise<T>): Promise<T | undefined> {
  return reading.catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}
