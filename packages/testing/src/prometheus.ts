import { spawnSync } from "node:child_process";
import { cp, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { freePort } from "./port.ts";
import { ServerProcess } from "./process.ts";
import { until } from "./until.ts";
import { findProgram, notInstalled, tempDir } from "./workspace.ts";

const RULES_DIR = resolve(import.meta.dirname, "../../../deploy/prometheus/rules");

/** One series of an answer, with its newest value. */
export interface Series { metric: Record<string, string>; value: [at_s: number, value: string] }

export interface PrometheusServer extends AsyncDisposable {
  url: string;
  /** What an expression answers now: series; a scalar is one without labels. An expression that it refuses is thrown as its sentence. */
  query(expression: string): Promise<Series[]>;
  /** The same expression in Prometheus' own words; refused ones are thrown. */
  format(expression: string): Promise<string>;
  /** The `data` of an answer of its API, such as `rules` or `targets`. */
  api<T>(path: string): Promise<T>;
  /** Waits until every target has been scraped once more. */
  scraped(): Promise<void>;
}

/** A real Prometheus on loopback with SafeBase's own rules, which scrapes these targets every half a second. */
export async function startPrometheus(targets: readonly string[]): Promise<PrometheusServer> {
  const program = findProgram("prometheus");
  if (program === undefined) throw notInstalled("prometheus");
  await using stack = new AsyncDisposableStack();
  const dir = stack.use(await tempDir("prometheus")).path;
  const port = await freePort();
  const config_path = join(dir, "prometheus.yml");
  await cp(RULES_DIR, join(dir, "rules"), { recursive: true });
  await writeFile(config_path, [
    "global: {scrape_interval: 500ms, scrape_timeout: 500ms, evaluation_interval: 500ms}",
    'rule_files: ["rules/*.yml"]',
    `scrape_configs: [{job_name: safebase, static_configs: [{targets: ${JSON.stringify(targets)}}]}]`, // JSON is YAML
  ].join("\n"));
  const server = new ServerProcess({
    program, log_path: join(dir, "server.log"),
    args: [`--config.file=${config_path}`, `--storage.tsdb.path=${join(dir, "data")}`, `--web.listen-address=127.0.0.1:${port}`, "--log.level=warn"],
  });
  stack.defer(() => server.signal("SIGKILL"));
  const url = `http://127.0.0.1:${port}`;
  await server.start(async () => { if (!(await fetch(`${url}/-/ready`)).ok) throw new Error("it is not ready yet"); });
  const owned = stack.move();
  return { ...clientOf(url), url, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

function clientOf(url: string): Pick<PrometheusServer, "query" | "format" | "api" | "scraped"> {
  const api = async <T>(path: string): Promise<T> => {
    const answer = await (await fetch(`${url}/api/v1/${path}`)).json() as { status: string; data: T; error?: string };
    if (answer.status !== "success") throw new Error(`${path}: ${answer.error}`);
    return answer.data;
  };
  const query = async (expression: string): Promise<Series[]> => {
    const { resultType, result } = await api<{ resultType: string; result: unknown }>(`query?query=${encodeURIComponent(expression)}`);
    return resultType === "vector" ? result as Series[] : [{ metric: {}, value: result as Series["value"] }];
  };
  const newestScrape = async (): Promise<number> => Number((await query("min(timestamp(up))"))[0]?.value[1] ?? 0);
  return {
    api, query,
    format: (expression) => api(`format_query?query=${encodeURIComponent(expression)}`),
    scraped: async () => {
      const asked_s = Date.now() / 1000;
      await until("Prometheus to have scraped every target", async () => await newestScrape() > asked_s);
    },
  };
}

/** Runs Prometheus' own checker; answers what it says. Thrown when it is not content. */
export function promtool(...args: string[]): string {
  const program = findProgram("promtool");
  if (program === undefined) throw notInstalled("promtool");
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`promtool ${args.join(" ")}:\n${stdout}${stderr}`);
  return stdout;
}
