import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { useFastTemp } from "./packages/testing/src/fast-temp.ts";

useFastTemp();
// Tests start our programs some hundred times: half of each start is compiling what has been compiled before.
process.env["NODE_COMPILE_CACHE"] ??= join(import.meta.dirname, "node_modules/.cache/node");

const SHARED_SERVERS = ["./packages/testing/src/global-setup.ts"];
const SOURCE = "{packages/*,services/*,cli,web}/src/**";

export default defineConfig({
  test: {
    maxWorkers: 3, // of which, on two cores, one waits at any time
    pool: "forks",
    expect: { poll: { timeout: 20_000 } }, // a second, as it is by default, is nothing on a busy machine
    projects: [
      { extends: true, test: { name: "unit", include: [`${SOURCE}/*.test.ts`, "scripts/**/*.test.ts", "deploy/**/*.test.ts"], testTimeout: 20_000 } },
      {
        extends: true,
        test: {
          name: "integration", include: [`${SOURCE}/*.it.ts`], globalSetup: SHARED_SERVERS,
          testTimeout: 60_000, hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "e2e", include: ["test/e2e/**/*.test.ts", "test/chaos/**/*.test.ts"], globalSetup: SHARED_SERVERS,
          testTimeout: 180_000, hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: { name: "replicas", include: ["test/replicas/**/*.test.ts"], globalSetup: SHARED_SERVERS, testTimeout: 300_000, hookTimeout: 180_000, maxWorkers: 1 },
      },
      {
        extends: true,
        test: { name: "matrix", include: ["test/matrix/**/*.test.ts", `${SOURCE}/*.matrix.ts`], testTimeout: 300_000, hookTimeout: 600_000, maxWorkers: 1 },
      },
      {
        extends: true,
        test: {
          name: "containers", include: ["test/containers/**/*.test.ts"], globalSetup: ["./test/containers/build-images.ts"],
          testTimeout: 300_000, hookTimeout: 600_000, maxWorkers: 1,
        },
      },
    ],
  },
});
