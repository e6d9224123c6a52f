import { serializeManifest, type Manifest } from "@safebase/artifact";
import { createHash } from "node:crypto";

/** The two files of an artifact: the data's key, and what lies under it and under the manifest's. Undefined: nothing. */
export interface Files { readonly data: Buffer | undefined; readonly manifest: Buffer | undefined }
export interface Original { readonly stem: string; readonly key: string; readonly data: Buffer; readonly manifest: Buffer }

/** Numbers by chance, the same for the same seed. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to below `limit`. (mulberry32) */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }

  bytes(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => this.below(256)));
  }
}

type Damage = (of: Original, chance: Chance, other: Original) => Files;

const data = (change: (bytes: Buffer, chance: Chance, other: Original) => Buffer | undefined): Damage =>
  (of, chance, other) => ({ data: change(Buffer.from(of.data), chance, other), manifest: of.manifest });
const manifest = (change: (bytes: Buffer, chance: Chance, other: Original) => Buffer | undefined): Damage =>
  (of, chance, other) => ({ data: of.data, manifest: change(Buffer.from(of.manifest), chance, other) });
/** The manifest says something else, and its checksum fits that. */
const rewritten = (change: (said: Manifest, chance: Chance, of: Original, other: Original) => unknown): Damage => (of, chance, other) => {
  const said = parse(of.manifest);
  return { data: of.data, manifest: serializeManifest({ ...said, ...change(said, chance, of, other) as Partial<Manifest> }) };
};

/** What can happen to an artifact. Each of these makes it another. */
export const DAMAGES: Readonly<Record<string, Damage>> = {
  "a flipped bit": data(flip),
  "some other bytes": data((bytes, chance) => { const at = chance.below(bytes.length); chance.bytes(16).map((byte) => byte | 1).forEach((byte, n) => { if (at + n < bytes.length) bytes[at + n] = (bytes[at + n] ?? 0) ^ byte; }); return bytes; }),
  "a block of zeros": data((bytes, chance) => { const at = chance.below(bytes.length); bytes[at] = (bytes[at] ?? 0) || 1; return Buffer.concat([bytes.subarray(0, at), Buffer.alloc(bytes.length - at)]); }),
  "two blocks that changed places": data((bytes, chance) => { const cut = 1 + chance.below(bytes.length - 1); return Buffer.concat([bytes.subarray(cut), bytes.subarray(0, cut)]); }),
  "a cut": data((bytes, chance) => bytes.subarray(0, chance.below(bytes.length))),
  "bytes at the end": data((bytes, chance) => Buffer.concat([bytes, chance.bytes(1 + chance.below(2_000))])),
  "an empty file": data(() => Buffer.alloc(0)),
  "missing data": data(() => undefined),
  "another's data": data((_bytes, _chance, other) => other.data),
  "a flipped bit in the manifest": manifest(flip),
  "a cut manifest": manifest((bytes, chance) => bytes.subarray(0, chance.below(bytes.length - 2))),
  "bytes at the manifest's end": manifest((bytes, chance) => Buffer.concat([bytes, Buffer.from(chance.of(["}", "0", "null", "\0", "{}"]))])),
  "an empty manifest": manifest(() => Buffer.alloc(0)),
  "a missing manifest": manifest(() => undefined),
  "nothing at all": () => ({ data: undefined, manifest: undefined }),
  "another's manifest": manifest((_bytes, _chance, other) => other.manifest),
  "another's files": (_of, _chance, other) => ({ data: other.data, manifest: other.manifest }),
  "an edited manifest": manifest(edit),
  "an edited size": rewritten((said, chance) => ({ parts: [{ ...said.parts[0], size_bytes: chance.below(1e6) + 1e6 }] })),
  "an edited SHA-256": rewritten((said, chance) => ({ parts: [{ ...said.parts[0], sha256: chance.bytes(32).toString("hex") }] })),
  "an edited key": rewritten((said, chance, _of, other) => ({ parts: [{ ...said.parts[0], key: chance.of([other.key, "../../etc/passwd", `${said.parts[0]?.key}x`, "x"]) }] })),
  "another id": rewritten((said, chance) => ({ backup_id: said.backup_id + 1 + chance.below(1_000) })),
  "another type": rewritten((said, chance) => ({ database: { ...said.database, type: chance.of((["postgresql", "mysql", "mariadb"] as const).filter((type) => type !== said.database.type)) } })),
  "another's part": rewritten((_said, _chance, _of, other) => ({ parts: parse(other.manifest).parts })),
  "a manifest of a newer format": rewritten((_said, chance) => ({ format_version: 2 + chance.below(1_000) })),
  "a manifest that fits damaged data": (of, chance) => {
    const bytes = flip(Buffer.from(of.data), chance);
    const said = parse(of.manifest);
    const [part] = said.parts;
    if (part === undefined) throw new Error("no part");
    return { data: bytes, manifest: serializeManifest({ ...said, parts: [{ ...part, sha256: sha256(bytes) }] }) };
  },
};

/** The same data with a bit flipped somewhere. */
export function flip(bytes: Buffer, chance: Chance): Buffer {
  const at = chance.below(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << chance.below(8));
  return bytes;
}

export function parse(bytes: Buffer): Manifest {
  const { checksum: _, ...said } = JSON.parse(bytes.toString()) as Manifest;
  return said;
}

export function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Changes, adds or removes something in a manifest, and leaves its checksum. */
function edit(bytes: Buffer, chance: Chance): Buffer {
  const said = JSON.parse(bytes.toString()) as Record<string, unknown>;
  let place = said;
  for (;;) {
    const name = chance.of(Object.keys(place));
    const value = place[name];
    if (typeof value === "object" && value !== null && Object.keys(value).length > 0) {
      place = value as Record<string, unknown>;
      continue;
    }
    if (Array.isArray(place)) place.push("more");
    else if (chance.below(4) === 0) delete place[name];
    else place[name] = typeof value === "number" ? value + 1 : typeof value === "string" ? `${value}x` : "changed";
    return Buffer.from(JSON.stringify(said, null, 2));
  }
}
