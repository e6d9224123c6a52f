import { parseCLI, startVitest, type Vitest } from "vitest/node";
import { check } from "./check.ts";

/**
 * `npm test`: the checks, and beside them every test but the matrix. With arguments (`npm test -- packages/storage`) only
 * the tests that fit them. The last line is `N passed, N failed`, with `, N skipped` when any were; a check that
 * fails counts as one failure.
 */
const args = process.argv.slice(2);
const [failedChecks, tests] = await Promise.all([args.length === 0 ? check() : [], runTests(args)]); // the first tests mostly wait
const failed = failedChecks.length + tests.failed;
console.log(`${tests.passed} passed, ${failed} failed${tests.skipped > 0 ? `, ${tests.skipped} skipped` : ""}`);
process.exitCode = failed === 0 && tests.passed > 0 ? 0 : 1;

interface Counts { passed: number; failed: number; skipped: number }

async function runTests(cliArgs: string[]): Promise<Counts> {
  const { filter, options } = parseCLI(["vitest", "run", ...cliArgs]);
  const vitest = await startVitest("test", filter, { project: ["unit", "integration", "e2e"], ...options, watch: false });
  const counts = count(vitest);
  await vitest.close();
  return counts;
}

/** A file that fails outside its tests, and an error that no test caught, are failures too. */
function count(vitest: Vitest): Counts {
  const counts = { passed: 0, failed: vitest.state.getUnhandledErrors().length, skipped: 0 };
  for (const module of vitest.state.getTestModules()) {
    let failedTests = 0;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === "failed") failedTests++;
      else if (state === "passed") counts.passed++;
      else counts.skipped++;
    }
    counts.failed += module.state() === "failed" && failedTests === 0 ? 1 : failedTests;
  }
  return counts;
}
