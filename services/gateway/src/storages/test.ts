import { SafebaseError, StorageTestReply, subjects, type ErrorCode, type StorageTestRequest } from "@safebase/contracts";
import { recordAudit } from "../audit/record.ts";
import { limitUse } from "../auth/throttle.ts";
import { requestOf } from "../executors/ask.ts";
import { requireGroup } from "../executors/groups/require.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import type { StorageRow } from "../catalog/storages-schema.ts";
import { checkedConfig, sealConfig, type ConfigChange } from "./config.ts";
import { refuseFolder, requireStorage } from "./find.ts";
import { checkTargets } from "./target.ts";

/** An executor ends a try within a minute. */
const TIMEOUT_MS = 65_000;
const LIMIT = { most: 10, window_ms: 60_000 };
const UNSAVED = "test";

type Steps = StorageTestReply["steps"];

/** What a storage does with a small object, step by step, and why it did not do one. */
export type StorageTestResult =
  | { ok: true; steps: Steps; elapsed_ms: number }
  | { ok: false; steps: Steps; error: string; code: ErrorCode; hint?: string | undefined; elapsed_ms: number };

interface Asked { readonly group?: string | undefined }

/** Has an executor of a group write a small object, read it back, list and delete it. */
export async function testStorage(deps: Core, actor: Actor, { id, group }: Asked & { readonly id: number }): Promise<StorageTestResult> {
  return ask(deps, actor, group, await requireStorage(deps.db, actor, id));
}

/** The same with a config that is not saved. */
export async function testConfig(deps: Core, actor: Actor, { config: given, group }: Asked & { readonly config: ConfigChange }): Promise<StorageTestResult> {
  const config = checkedConfig(UNSAVED, given);
  refuseFolder(actor, config.type);
  await checkTargets(config, deps.config.allowed_targets);
  return ask(deps, actor, group, { id: 0, name: UNSAVED, ...sealConfig(deps.secrets, config) });
}

async function ask(deps: Core, actor: Actor, group = deps.config.executor_group, storage: Pick<StorageRow, "id" | "name" | "type" | "target" | "config_sealed">): Promise<StorageTestResult> {
  await requireGroup(deps.db, deps.config, actor, group, "group");
  await limitUse(deps.db, `storage-test:${actor.user_id}`, LIMIT, "too many tests of storages, try again later");
  const { id, name, type, target, config_sealed } = storage;
  const request: StorageTestRequest = { storage: { name, config_sealed } };
  const reply = StorageTestReply.safeParse(await requestOf(deps, subjects.storageTest, group, request, TIMEOUT_MS));
  if (!reply.success) throw new SafebaseError("internal", "an executor's answer to a test was not understood", { cause: reply.error });
  const { failure } = reply.data;
  const elapsed_ms = Math.round(reply.data.elapsed_ms), steps = reply.data.steps.map((step) => ({ ...step, elapsed_ms: Math.round(step.elapsed_ms) }));
  await recordAudit(deps.db, {
    actor, action: "storage.test", object: id === 0 ? undefined : { type: "storage", id }, outcome: failure === null ? "ok" : "failed",
    detail: { type, target, group, ...(failure === null ? {} : { code: failure.code }) },
  });
  if (failure === null) return { ok: true, steps, elapsed_ms };
  const { code, message, hint } = failure;
  if (code === "internal") throw new SafebaseError("internal", message);
  return { ok: false, steps, error: message, code, ...(hint === undefined ? {} : { hint }), elapsed_ms };
}
