import type { TestProject } from "vitest/node";
import { BUILD_SETTINGS, COMPOSE_FILES, docker, engineAnswers, imageOf, OUR_SERVICES } from "./docker.ts";

declare module "vitest" {
  interface ProvidedContext { images_built: boolean }
}

/** Builds all images once for the tests of containers, one after another, and says how large they are. */
export default async function setup(project: TestProject): Promise<void> {
  const answers = await engineAnswers();
  project.provide("images_built", answers);
  if (!answers) return console.warn("skipped: the tests of containers: no container engine with Docker Compose answers");
  for (const service of ["init", ...OUR_SERVICES]) {
    const start_ms = performance.now();
    await docker([...COMPOSE_FILES, "build", service], BUILD_SETTINGS);
    const size_bytes = Number(await docker(["image", "inspect", "--format", "{{.Size}}", imageOf(service)]));
    console.log(`image ${service}: ${Math.round(size_bytes / 1e6)} MB, built in ${((performance.now() - start_ms) / 1000).toFixed(0)} s`);
  }
}
