import { until } from "@safebase/testing";
import type { ServerInfo } from "@safebase/testing";

type Json = Record<string, unknown>;

/** A backup or a restore, as the API shows it and as far as tests look. */
export interface Shown {
  readonly id: number;
  readonly job_id: number;
  readonly status: string;
  readonly error_msg: string | null;
  readonly error_code: string | null;
  readonly filename: string;
  readonly filepath: string;
  readonly size: number;
  readonly safety_backup_id?: number | null;
}

/** A user of the REST API. */
export class Client {
  readonly #url: () => string;
  readonly #token: string;

  private constructor(url: () => string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  /** Registers an account; `url` is asked for each call, for the gateway may come back elsewhere. */
  static async register(url: () => string, email = "chaos@example.org"): Promise<Client> {
    const { token } = await new Client(url, "").call<{ token: string }>("POST", "/auth/register", { email, password: "a long password" });
    return new Client(url, token);
  }

  /** The answer's JSON; an error answer is thrown as its sentence. */
  async call<T>(method: string, path: string, body?: Json): Promise<T> {
    const headers = { "content-type": "application/json", ...(this.#token === "" ? {} : { authorization: `Bearer ${this.#token}` }) };
    const response = await fetch(this.#url() + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const answer = await response.json() as T & { error?: string };
    if (!response.ok) throw new Error(`${response.status}: ${answer.error ?? ""}`);
    return answer;
  }

  async addDatabase({ engine, host, port, username, password }: ServerInfo, db_name: string): Promise<number> {
    const body = { name: `chaos ${db_name}`, type: engine, host, port, username, password, db_name };
    return (await this.call<{ database: { id: number } }>("POST", "/api/databases", body)).database.id;
  }

  async backUp(databaseId: number, body: Json = {}): Promise<Shown> {
    return (await this.call<{ backup: Shown }>("POST", `/api/backups/database/${databaseId}`, body)).backup;
  }

  async restore(backupId: number, confirm: string, body: Json = {}): Promise<Shown> {
    return (await this.call<{ restore: Shown }>("POST", `/api/backups/${backupId}/restore`, { confirm, delay_s: 0, ...body })).restore;
  }

  backup(id: number): Promise<Shown> {
    return this.call<{ backup: Shown }>("GET", `/api/backups/${id}`).then(({ backup }) => backup);
  }

  /** Waits for the final state. Errors meanwhile are waited out: a gateway may be down. */
  ended(kind: "backup" | "restore", id: number, timeout_ms = 60_000): Promise<Shown> {
    return this.reached(kind, id, ["completed", "failed", "canceled"], timeout_ms);
  }

  reached(kind: "backup" | "restore", id: number, statuses: readonly string[], timeout_ms = 60_000): Promise<Shown> {
    return until(`${kind} ${id} to be ${statuses.join(" or ")}`, async () => {
      const shown = (await this.call<Record<typeof kind, Shown>>("GET", `/api/${kind}s/${id}`))[kind];
      return statuses.includes(shown.status) && shown;
    }, { timeout_ms, every_ms: 50 });
  }
}
