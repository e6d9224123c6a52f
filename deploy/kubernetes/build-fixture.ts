import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseAllDocuments } from "yaml";
import type { Manifest } from "./schema-fixture.ts";

export const KUBERNETES_DIR = import.meta.dirname;
const UNPACKED = resolve(KUBERNETES_DIR, "../../.tools/clients/kustomize/bin/kustomize");

/** The command that builds an overlay: what set-up unpacked, else what the machine has; undefined when there is none. */
const KUSTOMIZE = ([[UNPACKED, "build"], ["kustomize", "build"], ["kubectl", "kustomize"]] as const).find((command) => spawnSync(command[0], [command[1], "--help"]).status === 0);

/** Why overlays cannot be built here; undefined when they can. */
export const WHY_NOT: string | undefined = KUSTOMIZE === undefined ? "there is neither kustomize nor kubectl, and Debian's kustomize could not be unpacked" : undefined;

/** What is applied of an overlay. */
export function build(folder: string): Manifest[] {
  if (KUSTOMIZE === undefined) throw new Error(WHY_NOT);
  return documentsOf(execFileSync(KUSTOMIZE[0], [KUSTOMIZE[1], folder], { encoding: "utf8" }));
}

/** All documents that stand in the files below a folder, but for kustomize's own and patches. */
export function documentsIn(folder: string): Manifest[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".yaml") && name !== "kustomization.yaml");
  return names.flatMap((name) => documentsOf(readFileSync(join(folder, name), "utf8")));
}

function documentsOf(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => {
    if (document.errors.length > 0) throw document.errors[0]!;
    return document.toJS() as Manifest;
  });
}
