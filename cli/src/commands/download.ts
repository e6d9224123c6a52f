import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { access, rename, rm, stat } from "node:fs/promises";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Option } from "@commander-js/extra-typings";
import type { Api, Backup } from "../api.ts";
import { parseId } from "../names.ts";
import { bytes } from "../output.ts";
import { EXIT, Problem } from "../problem.ts";
import type { Root } from "../root.ts";
import type { World } from "../world.ts";
import { getBackup } from "./backup.ts";

const FORMS = ["stored", "sql", "zip", "gz"] as const;
interface Options { readonly output?: string; readonly as: (typeof FORMS)[number]; readonly identityFile?: string }

export function addDownload(root: Root, world: () => World): void {
  const { t } = world();
  root.command("download").description(t.commands.download).argument("<backup>", t.args.backup, parseId)
    .option("-o, --output <file>", t.options.output)
    .addOption(new Option("--as <form>", t.options.form).choices(FORMS).default("stored" as const))
    .option("--identity-file <file>", t.options.identityFileDownload)
    .action((id, options) => download(world(), id, options));
}

/** Downloads into `FILE.part`, which becomes the file when it is whole. What is stored goes on where it broke off. */
async function download(world: World, id: string, options: Options): Promise<void> {
  const { t } = world;
  if (options.identityFile !== undefined && options.as === "stored") throw new Problem(EXIT.usage, t.identityForConverted);
  const api = await world.api();
  const backup = await getBackup(api, id);
  if (options.output === "-") return toStdout(world, await request(world, api, id, options), options.as === "stored" ? backup.sha256 : null);
  if (options.as !== "stored") return toFile(world, await request(world, api, id, options), options.output);
  const file = options.output ?? basename(backup.filename ?? `backup-${id}`);
  await refuseExisting(world, file);
  await fetchStored(world, api, backup, `${file}.part`);
  await finish(world, file, t.downloadedWhole);
}

async function request(world: World, api: Api, id: string, { as, identityFile }: Options, headers: Record<string, string> = {}): Promise<Response> {
  const opened = api.api.backups[":id"].download;
  if (identityFile === undefined) return await opened.$get({ param: { id }, query: { as } }, { headers });
  const identity = await world.terminal.fileText(identityFile);
  return await opened.$post({ param: { id }, query: {}, json: { ...(as === "stored" ? {} : { as }), identity } });
}

/** What is there of it stays, if in the end all of it has the SHA-256 that it should have. */
async function fetchStored(world: World, api: Api, { id, size, sha256 }: Backup, part: string): Promise<void> {
  const { t } = world;
  const there = await sizeOf(part);
  const from = size !== null && there <= size ? there : 0;
  if (from > 0) world.say(t.resumed(part, bytes(from, t)));
  if (from === 0 || from !== size) {
    const response = await request(world, api, String(id), { as: "stored" }, from === 0 ? {} : { range: `bytes=${from}-` });
    await receive(world, response, createWriteStream(part, response.status === 206 ? { flags: "a" } : {}), t.hints.again);
  }
  if (sha256 === null || await sha256Of(part) === sha256) return;
  await rm(part);
  throw new Problem(EXIT.failed, t.otherDigest(part), { hint: t.hints.fromTheStart });
}

async function toFile(world: World, response: Response, output: string | undefined): Promise<void> {
  const file = output ?? basename(/filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1] ?? "backup");
  const part = `${file}.part`;
  try {
    await refuseExisting(world, file);
    await receive(world, response, createWriteStream(part), world.t.hints.fromTheStart);
  } catch (error) {
    await response.body?.cancel().catch(() => { /* it broke off by itself */ });
    await rm(part, { force: true });
    throw error;
  }
  await finish(world, file, world.t.downloaded);
}

async function toStdout(world: World, response: Response, sha256: string | null): Promise<void> {
  const hash = createHash("sha256");
  await receive(world, response, process.stdout, world.t.hints.fromTheStart, async function* (source) {
    for await (const chunk of source) {
      hash.update(chunk);
      yield chunk;
    }
  });
  if (sha256 !== null && hash.digest("hex") !== sha256) throw new Problem(EXIT.failed, world.t.otherDigest("stdout"));
}

type Through = (source: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

async function receive({ t }: World, response: Response, into: NodeJS.WritableStream, hint: string, through: Through = (source) => source): Promise<void> {
  await pipeline(Readable.fromWeb(response.body!), through, into, { end: into !== process.stdout }).catch((error: NodeJS.ErrnoException) => {
    throw new Problem(EXIT.failed, t.brokeOff(error.message), { hint, cause: error });
  });
}

async function refuseExisting({ t }: World, file: string): Promise<void> {
  const exists = await access(file).then(() => true, () => false);
  if (exists) throw new Problem(EXIT.failed, t.fileExists(file), { hint: t.hints.output });
}

async function finish(world: World, file: string, sentence: (file: string, size: string) => string): Promise<void> {
  await rename(`${file}.part`, file);
  const size = await sizeOf(file);
  world.show({ file, size }, () => [sentence(file, bytes(size, world.t))]);
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(({ size }) => size, (error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return 0;
    throw error;
  });
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
