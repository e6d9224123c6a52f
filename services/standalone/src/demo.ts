import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ConfigError, runMain, type Config } from "@safebase/runtime";
import { startMariadb, startPostgres } from "@safebase/testing";
import { Api } from "./demo/api.ts";
import { mainJob } from "./demo/main-job.ts";
import { formatSteps, type Step } from "./demo/table.ts";
import { startStandalone } from "./service.ts";

const USAGE = `npm run demo -- [--once] [--rows N]
  Starts SafeBase with PostgreSQL and MariaDB servers of its own in a temporary folder, does the main job on them, and
  leaves all running until Ctrl-C.
  --once     stop at the end instead
  --rows N   size of the sample data: orders in each database (20000)
`;

const { values } = parseArgs({ options: { once: { type: "boolean" }, rows: { type: "string", default: "20000" }, help: { type: "boolean" } } });
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}

await runMain(async (settings, signal) => {
  const rows = Number(values.rows);
  if (!Number.isSafeInteger(rows) || rows < 20) throw new ConfigError(`--rows must be a whole number from 20, got "${values.rows}"`);
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  await using stack = new AsyncDisposableStack();
  const data_dir = await mkdtemp(join(tmpdir(), "safebase-demo-"));
  stack.defer(() => rm(data_dir, { recursive: true, force: true }));

  say("Starting PostgreSQL, MariaDB and SafeBase, each with a folder of its own …");
  const servers = await Promise.all([startPostgres(), startMariadb()]);
  for (const server of servers) stack.use(server);
  const config: Config = { ...settings, data_dir, catalog_url: `sqlite:${data_dir}/catalog.db`, log_level: "warn" };
  const system = stack.use(await startStandalone(config, signal));

  const api = new Api(system.url);
  const login = { email: "demo@example.org", password: "demo-password" };
  await api.register(login.email, login.password);
  const steps: Step[] = [];
  for (const server of servers) {
    await mainJob(server, {
      api, rows, artifacts_dir: join(data_dir, "artifacts"),
      report: (step) => { steps.push(step); say(`  ${step.database}: ${step.step} … ${step.check}`); },
    });
  }
  say(`\n${formatSteps(steps)}\n`);
  if (values.once) {
    await stack.disposeAsync();
    process.exit(0);
  }
  say(`SafeBase runs at ${system.url} (API documentation: ${system.url}/api/docs), account ${login.email} with ${login.password}. Ctrl-C ends everything.`);
  const owned = stack.move();
  return { [Symbol.asyncDispose]: () => owned.disposeAsync() };
});
