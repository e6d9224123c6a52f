import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { access, rename, rm, stat } from "node:fs/promises";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Option } from "@commander-js/extra-typings";
import type { Api } from "../api.ts";
import { parseId } from "../names.ts";
import { bytes } from "../output.ts";
import { EXIT, Problem } from "../problem.ts";
import type { Root } from "../root.ts";
import type { World } from "../world.ts";

const FORMS = ["stored", "sql", "zip", "gz"] as const;
interface Options { readonly output?: string; readonly as: (typeof FORMS)[number]; readonly part?: string; readonly identityFile?: string }

export function addDownload(root: Root, world: () => World): void {
  const { t } = world();
  root.command("download").description(t.commands.download).argument("<backup>", t.args.backup, parseId)
    .option("-o, --output <file>", t.options.output)
    .addOption(new Option("--as <form>", t.options.form).choices(FORMS).default("stored" as const))
    .option("--part <name>", t.options.part).option("--identity-file <file>", t.options.identityFileDownload)
    .action((id, options) => download(world(), id, options));
}

/** Downloads into `FILE.part`, which becomes the file when it is whole. What is stored goes on where it broke off. */
async function download(world: World, id: string, options: Options): Promise<void> {
  if (options.identityFile !== undefined && options.as === "stored") throw new Problem(EXIT.usage, world.t.identityForConverted);
  const api = await world.api();
  const get: Get = (asked) => request(world, api, id, options, asked);
  if (options.output === "-") return toStdout(world, await get());
  if (options.as !== "stored") return toFile(world, await get(), options.output);
  const about = await askAbout(get);
  const file = options.output ?? about.filename;
  await refuseExisting(world, file);
  await fetchStored(world, get, about, `${file}.part`);
  await finish(world, file, world.t.downloadedWhole);
}

interface Asked { readonly method?: "HEAD"; readonly headers?: Record<string, string> }
type Get = (asked?: Asked) => Promise<Response>;

async function request(world: World, api: Api, id: string, { as, part, identityFile }: Options, { headers = {}, ...init }: Asked = {}): Promise<Response> {
  const opened = api.api.backups[":id"].download;
  const inOurWords = (error: unknown): never => { throw error instanceof Problem && error.hint !== undefined ? new Problem(error.exit, error.message, { hint: asOptions(error.hint), cause: error }) : error; };
  const of = part === undefined ? {} : { part };
  if (identityFile === undefined) return await opened.$get({ param: { id }, query: { as, ...of } }, { headers, init }).catch(inOurWords);
  const identity = await world.terminal.fileText(identityFile);
  return await opened.$post({ param: { id }, query: {}, json: { ...(as === "stored" ? {} : { as }), ...of, identity } }, { headers, init }).catch(inOurWords);
}

/** The API's hints name its parameters: here they are options. */
const asOptions = (hint: string): string => hint.replaceAll(/\b(part|as)=/g, "--$1 ");

/** What is known of a file before it comes; the hash of stored bytes alone. */
interface About { readonly filename: string; readonly size: number; readonly sha256: string | undefined }

/** HEAD downloads nothing, but has no sentence for what stands against it: GET has. */
async function askAbout(get: Get): Promise<About> {
  const response = await get({ method: "HEAD" }).catch(() => get());
  await response.body?.cancel();
  return aboutOf(response);
}

function aboutOf({ headers }: Response): About {
  const disposition = headers.get("content-disposition") ?? "";
  const exact = /filename\*=UTF-8''([^;]+)/.exec(disposition)?.[1];
  return {
    filename: basename(exact === undefined ? /filename="([^"]+)"/.exec(disposition)?.[1] ?? "backup" : decodeURIComponent(exact)),
    size: Number(headers.get("content-length")), sha256: /^"([0-9a-f]{64})"$/.exec(headers.get("etag") ?? "")?.[1],
  };
}

/** What is there of it stays, if in the end all of it has the SHA-256 that it should have. */
async function fetchStored(world: World, get: Get, { size, sha256 }: About, part: string): Promise<void> {
  const { t } = world;
  const there = await sizeOf(part);
  const from = there <= size ? there : 0;
  if (from > 0) world.say(t.resumed(part, bytes(from, t)));
  if (from === 0 || from < size) {
    const response = await get(from === 0 ? {} : { headers: { range: `bytes=${from}-` } });
    await receive(world, response, createWriteStream(part, response.status === 206 ? { flags: "a" } : {}), t.hints.again);
  }
  if (await sha256Of(part) === sha256) return;
  await rm(part);
  throw new Problem(EXIT.failed, t.otherDigest(part), { hint: t.hints.fromTheStart });
}

async function toFile(world: World, response: Response, output: string | undefined): Promise<void> {
  const file = output ?? aboutOf(response).filename;
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

async function toStdout(world: World, response: Response): Promise<void> {
  const { sha256 } = aboutOf(response);
  const hash = createHash("sha256");
  await receive(world, response, process.stdout, world.t.hints.fromTheStart, async function* (source) {
    for await (const chunk of source) {
      hash.update(chunk);
      yield chunk;
    }
  });
  if (sha256 !== undefined && hash.digest("hex") !== sha256) throw new Problem(EXIT.failed, world.t.otherDigest("stdout"));
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
