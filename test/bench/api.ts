import { setTimeout as wait } from "node:timers/promises";

type Json = Record<string, unknown>;

/** A backup or restore as the API shows it, as far as the bench looks. */
export interface Job {
  readonly id: number;
  readonly status: string;
  readonly error_msg: string | null;
  readonly started_at: string;
  readonly finished_at: string;
  readonly size?: number;
  readonly raw_size?: number | null;
}

/** How often the end of a job is asked for: what the wall clock may show too much. */
const POLL_MS = 20;

/** What the bench uses of the REST API, as any client would. */
export class Api {
  readonly #url: string;
  readonly #token: string;

  private constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  static async register(url: string): Promise<Api> {
    const anonymous = new Api(url, "");
    const { token } = await anonymous.call<{ token: string }>("POST", "/auth/register", { email: "bench@example.org", password: "bench-password" });
    return new Api(url, token);
  }

  /** The answer's JSON; an error answer is thrown as its sentence. */
  async call<T>(method: string, path: string, body?: Json): Promise<T> {
    const response = await fetch(this.#url + path, {
      method, headers: { "content-type": "application/json", ...(this.#token === "" ? {} : { authorization: `Bearer ${this.#token}` }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = await response.json() as T & { error?: string };
    if (!response.ok) throw new Error(answer.error ?? `${method} ${path}: ${response.status}`);
    return answer;
  }

  async backUp(database_id: number, signal: AbortSignal): Promise<Job> {
    const { backup } = await this.call<{ backup: Job }>("POST", `/api/backups/database/${database_id}`, {});
    return this.#completed(`/api/backups/${backup.id}`, "backup", signal);
  }

  async restore(backup_id: number, db_name: string, signal: AbortSignal): Promise<Job> {
    const { restore } = await this.call<{ restore: Job }>("POST", `/api/backups/${backup_id}/restore`, { confirm: db_name, delay_s: 0, target: { db_name } });
    return this.#completed(`/api/restores/${restore.id}`, "restore", signal);
  }

  async #completed(path: string, name: "backup" | "restore", signal: AbortSignal): Promise<Job> {
    for (;;) {
      const job = (await this.call<Record<typeof name, Job>>("GET", path))[name];
      if (job.status === "completed") return job;
      if (!["pending", "running"].includes(job.status)) throw new Error(`the ${name} ended as ${job.status}: ${job.error_msg}`);
      await wait(POLL_MS, undefined, { signal });
    }
  }
}
