import { serializeManifest, type Manifest, type ManifestPart } from "@safebase/artifact";
import { createHash } from "node:crypto";

/** What lies under a part's key, and under the manifest's. Undefined: nothing. `others`: what lies under other parts' keys. */
export interface Files { readonly data: Buffer | undefined; readonly manifest: Buffer | undefined; readonly others?: ReadonlyMap<string, Buffer> }
/** An artifact as it was written, with a look at one of its parts: the `at`-th. */
export interface Original { readonly stem: string; readonly parts: readonly { readonly key: string; readonly data: Buffer }[]; readonly at: number; readonly manifest: Buffer }

export const partOf = ({ parts, at }: Original): { readonly key: string; readonly data: Buffer } => parts[at] as { key: string; data: Buffer };

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
  (of, chance, other) => ({ data: change(Buffer.from(partOf(of).data), chance, other), manifest: of.manifest });
const manifest = (change: (bytes: Buffer, chance: Chance, other: Original) => Buffer | undefined): Damage =>
  (of, chance, other) => ({ data: partOf(of).data, manifest: change(Buffer.from(of.manifest), chance, other) });
/** The manifest says something else, and its checksum fits that. */
const rewritten = (change: (said: Manifest, chance: Chance, of: Original, other: Original) => unknown): Damage => (of, chance, other) => {
  const said = parse(of.manifest);
  return { data: partOf(of).data, manifest: serializeManifest({ ...said, ...change(said, chance, of, other) as Partial<Manifest> }) };
};
/** It says something else of the part. */
const respelt = (change: (said: ManifestPart, chance: Chance, other: Original) => Partial<ManifestPart>): Damage =>
  rewritten((said, chance, of, other) => ({ parts: said.parts.map((part, at) => at === of.at ? { ...part, ...change(part, chance, other) } : part) }));
/** What only artifacts of several parts can suffer; one part becomes another's. */
const several = (damage: (of: Original, next: number) => Files): Damage => (of, _chance, other) =>
  of.parts.length === 1 ? { data: partOf(other).data, manifest: of.manifest } : damage(of, (of.at + 1) % of.parts.length);

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
  "another's data": data((_bytes, _chance, other) => partOf(other).data),
  "two parts that changed places": several((of, next) => ({ ...swapped(of, next), manifest: of.manifest })),
  "two parts that changed places, and a manifest that fits": several((of, next) => {
    const said = parse(of.manifest);
    const there = [...said.parts];
    const [a, b] = [there[of.at]!, there[next]!];
    there[of.at] = { ...b, key: a.key, name: a.name, role: a.role };
    there[next] = { ...a, key: b.key, name: b.name, role: b.role };
    return { ...swapped(of, next), manifest: serializeManifest({ ...said, parts: there }) };
  }),
  "a manifest without the part": several((of) => {
    const said = parse(of.manifest);
    return { data: partOf(of).data, manifest: serializeManifest({ ...said, parts: said.parts.filter((_, at) => at !== of.at) }) };
  }),
  "a flipped bit in the manifest": manifest(flip),
  "a cut manifest": manifest((bytes, chance) => bytes.subarray(0, chance.below(bytes.length - 2))),
  "bytes at the manifest's end": manifest((bytes, chance) => Buffer.concat([bytes, Buffer.from(chance.of(["}", "0", "null", "\0", "{}"]))])),
  "an empty manifest": manifest(() => Buffer.alloc(0)),
  "a missing manifest": manifest(() => undefined),
  "nothing at all": () => ({ data: undefined, manifest: undefined }),
  "another's manifest": manifest((_bytes, _chance, other) => other.manifest),
  "another's files": (_of, _chance, other) => ({ data: partOf(other).data, manifest: other.manifest }),
  "an edited manifest": manifest(edit),
  "an edited size": respelt((_said, chance) => ({ size_bytes: chance.below(1e6) + 1e6 })),
  "an edited SHA-256": respelt((_said, chance) => ({ sha256: chance.bytes(32).toString("hex") })),
  "an edited key": respelt((said, chance, other) => ({ key: chance.of([partOf(other).key, "../../etc/passwd", `${said.key}x`, "x"]) })),
  "another id": rewritten((said, chance) => ({ backup_id: said.backup_id + 1 + chance.below(1_000) })),
  "another type": rewritten((said, chance) => ({ database: { ...said.database, type: chance.of((["postgresql", "mysql", "mariadb"] as const).filter((type) => type !== said.database.type)) } })),
  "another's part": rewritten((_said, _chance, _of, other) => ({ parts: parse(other.manifest).parts })),
  "a manifest of a newer format": rewritten((_said, chance) => ({ format_version: 3 + chance.below(1_000) })),
  "a manifest that fits damaged data": (of, chance) => {
    const bytes = flip(Buffer.from(partOf(of).data), chance);
    const said = parse(of.manifest);
    return { data: bytes, manifest: serializeManifest({ ...said, parts: said.parts.map((part, at) => at === of.at ? { ...part, sha256: sha256(bytes) } : part) }) };
  },
};

function swapped(of: Original, next: number): Pick<Files, "data" | "others"> {
  const [a, b] = [partOf(of), of.parts[next]!];
  return { data: b.data, others: new Map([[b.key, a.data]]) };
}

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
