import { findAccess } from "../access.ts";
import { ask, send, type Api } from "../api.ts";
import { follow } from "../follow.ts";
import { findDatabase } from "../names.ts";
import { bytes, time } from "../output.ts";
import { EXIT, Problem } from "../problem.ts";
import type { Root } from "../root.ts";
import type { World } from "../world.ts";
import { getBackup, labelOf } from "./backup.ts";
import { runCheck, runVerification } from "./prove.ts";
import { percent } from "./storages.ts";

interface Options { readonly database?: string; readonly identityFile?: string; readonly send?: true }

export function addSelfTest(root: Root, world: () => World): void {
  const { t } = world();
  root.command("self-test").description(t.commands.selfTest).option("--database <database>", t.options.selfTestDatabase)
    .option("--identity-file <file>", t.options.identityFile).option("--send", t.options.send)
    .action((options) => selfTest(world(), options));
}

interface Step { readonly name: string; readonly ok: boolean; readonly detail: string }

/** The steps so far: each is told as it ends, and an error is a step that failed. */
class Steps {
  readonly done: Step[] = [];
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  async take(name: string, test: () => Promise<string>): Promise<boolean> {
    try {
      this.tell({ name, ok: true, detail: await test() });
      return true;
    } catch (error) {
      if (!(error instanceof Problem) || error.exit === EXIT.interrupted) throw error;
      this.tell({ name, ok: false, detail: error.message });
      return false;
    }
  }

  tell(step: Step): void {
    const { t, json, terminal } = this.#world;
    this.done.push(step);
    if (!json) terminal.result(`${t.stepResult(step.ok)}  ${step.name}: ${step.detail}`);
  }
}

/** Whether the parts are well; with a database, whether a backup of it is made, is whole, and restores. */
async function selfTest(world: World, options: Options): Promise<void> {
  const { t } = world;
  const steps = new Steps(world);
  const { url } = await findAccess(world.env, t);
  await steps.take(t.steps.lives, () => ops(world, url, "/healthz"));
  await steps.take(t.steps.ready, () => ops(world, url, "/readyz"));
  const loggedIn = await steps.take(t.steps.account, async () => (await ask((await world.api()).auth.me.$get())).user.email);
  if (loggedIn) await parts(world, await world.api(), steps, options);
  const failed = steps.done.filter(({ ok }) => !ok).length;
  world.show({ ok: failed === 0, steps: steps.done }, () => [t.selfTested(steps.done.length, failed)]);
  if (failed > 0) process.exitCode = EXIT.failed;
}

async function ops({ t }: World, url: string, path: string): Promise<string> {
  return (await (await send(url, url + path, undefined, t)).text()).trim();
}

async function parts(world: World, api: Api, steps: Steps, { database, identityFile, send: sending }: Options): Promise<void> {
  const { t } = world;
  await steps.take(t.steps.executors, () => executors(world, api));
  await steps.take(t.steps.storages, () => storages(world, api));
  const { channels } = await ask(api.api.channels.$get({ query: {} }));
  for (const { id, name, enabled } of channels) await steps.take(t.steps.channel(name), () => (enabled ? channel(world, api, String(id), sending === true) : Promise.resolve(t.disabled)));
  if (database !== undefined) await roundTrip(world, api, steps, database, identityFile);
}

async function executors({ t }: World, api: Api): Promise<string> {
  const { groups, services } = await ask(api.api.executors.$get({ query: {} }));
  const all = [...services, ...groups.map(({ group, alive }) => ({ name: t.executorsOf(group), alive }))];
  const dead = all.filter(({ alive }) => alive === 0).map(({ name }) => name);
  if (dead.length > 0) throw new Problem(EXIT.failed, t.nobodyAlive(dead.join(", ")));
  return all.map(({ name, alive }) => `${name} ${alive}`).join(", ");
}

async function storages({ t }: World, api: Api): Promise<string> {
  const { storages: found } = await ask(api.api.storages.$get({ query: {} }));
  const unreachable = found.filter(({ status }) => status.some(({ reachable }) => !reachable)).map(({ name, status }) => [name, ...status.flatMap(({ error_msg }) => error_msg ?? [])].join(": "));
  if (unreachable.length > 0) throw new Problem(EXIT.failed, t.notReached(unreachable.join("; ")));
  const full = found.filter(({ status }) => status.some(({ nearly_full }) => nearly_full)).map(({ name }) => name);
  if (full.length > 0) throw new Problem(EXIT.failed, t.nearlyFull(full.join(", ")));
  return found.map(({ name, status }) => [name, ...status.flatMap(({ used_percent }) => percent(used_percent, t) ?? [])].join(" ")).join(", ");
}

/** What became of the last message, or with `--send` of one that is sent now. */
async function channel({ t }: World, api: Api, id: string, sending: boolean): Promise<string> {
  if (sending) {
    const tested = await ask(api.api.channels[":id"].test.$post({ param: { id }, query: {} }));
    if (!tested.ok) throw new Problem(EXIT.failed, tested.error);
    return tested.answer;
  }
  const { notifications: [last] } = await ask(api.api.notifications.$get({ query: { channel_id: id, per_page: "1" } }));
  if (last === undefined) return t.toldNothing;
  if (last.status === "dead" || last.status === "retrying") throw new Problem(EXIT.failed, last.error ?? last.answer ?? last.status);
  return `${t.notification[last.status]}, ${time(last.created_at, t)}`;
}

/** A backup that is made, checked, restored for a test, and deleted again whatever was found. */
async function roundTrip(world: World, api: Api, steps: Steps, name: string, identityFile: string | undefined): Promise<void> {
  const { t, terminal } = world;
  const identity = identityFile === undefined ? undefined : await terminal.fileText(identityFile);
  const { id: database_id } = await findDatabase(api, name, t);
  let id: string | undefined;
  const made = await steps.take(t.steps.backup, async () => {
    const { backup: first } = await ask(api.api.backups.database[":id"].$post({ param: { id: String(database_id) }, query: {}, json: {} }));
    id = String(first.id);
    const [backup = first] = await follow(world, api, [{ label: labelOf(first, t), first, look: () => getBackup(api, first.id) }]);
    requireCompleted(backup, t);
    return `${backup.filename}, ${bytes(backup.size, t)}`;
  });
  if (made && id !== undefined) await proofs(world, api, steps, id, identity);
  if (id !== undefined) await steps.take(t.steps.delete, async () => (await ask(api.api.backups[":id"].$delete({ param: { id: id! }, query: {} }))).message);
}

async function proofs(world: World, api: Api, steps: Steps, id: string, identity: string | undefined): Promise<void> {
  const { t } = world;
  await steps.take(t.steps.check, async () => {
    const check = await runCheck(world, api, id);
    requireCompleted(check, t);
    const bad = check.copies.filter(({ state }) => state !== "good");
    if (check.result !== "good" || bad.length > 0) throw new Problem(EXIT.failed, bad.map(({ storage, state, detail }) => `${storage}: ${detail ?? t.integrity[state]}`).join("; "));
    return check.copies.map(({ storage, state }) => `${storage}: ${t.integrity[state]}`).join(", ");
  });
  await steps.take(t.steps.verify, async () => {
    const verification = await runVerification(world, api, id, identity);
    requireCompleted(verification, t);
    return t.compared(verification.tables ?? 0, verification.rows ?? 0);
  });
}

function requireCompleted(work: { readonly status: "pending" | "running" | "completed" | "failed" | "canceled"; readonly error_msg: string | null }, t: World["t"]): void {
  if (work.status !== "completed") throw new Problem(EXIT.failed, work.error_msg ?? t.status[work.status]);
}
