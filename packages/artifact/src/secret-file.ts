import { randomUUID } from "node:crypto";
import { open, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stage } from "./stage.ts";

export type HeldSecrets = AsyncDisposable & { fdOf(stage: Stage): number | undefined };

/**
 * What stages read from /dev/fd/3, until disposal. In files without a name, for our own pipes are sockets, which cannot
 * be opened that way: each is removed before anything is written to it, so that whatever dies leaves nothing behind.
 */
export async function holdSecrets(stages: readonly Stage[]): Promise<HeldSecrets> {
  await using stack = new AsyncDisposableStack();
  const files = new Map<Stage, FileHandle>();
  for (const stage of stages) {
    if (stage.secret === undefined) continue;
    const file = stack.use(await nameless());
    await file.write(stage.secret, 0);
    files.set(stage, file);
  }
  const owned = stack.move();
  return { fdOf: (stage) => files.get(stage)?.fd, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function nameless(): Promise<FileHandle> {
  const path = join(tmpdir(), `safebase-${randomUUID()}`);
  const file = await open(path, "wx+", 0o600);
  try {
    await rm(path);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}
