import { ask, type Api } from "../api.ts";
import { follow, tellEnd } from "../follow.ts";
import { parseId } from "../names.ts";
import { EXIT } from "../problem.ts";
import type { Root } from "../root.ts";
import type { World } from "../world.ts";
import { getBackup } from "./backup.ts";

/** `verify` restores a backup for a test, `check` reads it back. */
export function addProofs(root: Root, world: () => World): void {
  const { t } = world();
  root.command("verify").description(t.commands.verify).argument("<backup>", t.args.backup, parseId)
    .option("--identity-file <file>", t.options.identityFile).action((id, { identityFile }) => verify(world(), id, identityFile));
  root.command("check").description(t.commands.check).argument("<backup>", t.args.backup, parseId).action((id) => check(world(), id));
}

async function verify(world: World, id: string, identityFile: string | undefined): Promise<void> {
  const identity = identityFile === undefined ? undefined : await world.terminal.fileText(identityFile);
  const verification = await runVerification(world, await world.api(), id, identity);
  tellEnd(world, world.t.verificationOf(id), verification, [world.t.compared(verification.tables ?? 0, verification.rows ?? 0)]);
  if (world.json) world.show({ verification }, () => []);
  if (verification.status !== "completed") process.exitCode = EXIT.failed;
}

/** A test restore, to its end. */
export async function runVerification(world: World, api: Api, id: string, identity: string | undefined) {
  const json = identity === undefined ? {} : { identity };
  const { verification: first } = await ask(api.api.backups[":id"].verify.$post({ param: { id }, query: {}, json }));
  const look = async () => (await ask(api.api.verifications[":id"].$get({ param: { id: String(first.id) }, query: {} }))).verification;
  return (await follow(world, api, [{ label: world.t.verificationOf(id), first, look }]))[0] ?? first;
}

/** One that is completed may have found damage, or not have reached a copy: all is well only when every copy is good. */
async function check(world: World, id: string): Promise<void> {
  const api = await world.api();
  const found = await runCheck(world, api, id);
  const unread = found.status === "completed" ? await copiesBesides(api, id, found.copies) : [];
  tellEnd(world, world.t.checkOf(id), found, found.copies.map(({ storage, state }) => `${storage}: ${world.t.integrity[state]}`));
  for (const { storage, detail } of found.copies) if (detail !== null) world.say(`${storage}: ${detail}`);
  for (const { storage, state } of unread) world.say(world.t.notRead(storage, world.t.integrity[state]));
  if (world.json) world.show({ check: found }, () => []);
  if (found.status !== "completed" || unread.length > 0 || found.copies.some(({ state }) => state !== "good")) process.exitCode = EXIT.failed;
}

/** Copies whose storage did not answer: a check does not judge them. Those that are not written yet are none. */
async function copiesBesides(api: Api, id: string, judged: readonly { readonly storage: string }[]) {
  const { copies } = await getBackup(api, id);
  return copies.filter(({ storage, state }) => state !== "pending" && !judged.some((each) => each.storage === storage));
}

/** A check, to its end. */
export async function runCheck(world: World, api: Api, id: string) {
  const { check: first } = await ask(api.api.backups[":id"].check.$post({ param: { id }, query: {}, json: {} }));
  const look = async () => (await ask(api.api.checks[":id"].$get({ param: { id: String(first.id) }, query: {} }))).check;
  return (await follow(world, api, [{ label: world.t.checkOf(id), first, look }]))[0] ?? first;
}
