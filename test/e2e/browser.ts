import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { readFileSync } from "node:fs";
import { findProgram } from "@safebase/testing";
import { chromium, type Browser, type Page } from "playwright-core";
import { expect } from "vitest";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const CHROMIUM = findProgram("chromium");
/** Why no browser can be had, or nothing. */
export const browserMissing = CHROMIUM === undefined ? "chromium is not installed (Debian's package chromium)" : undefined;

/** Debian's Chromium without a window, on a profile of its own that goes with it. */
export function startBrowser(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error(browserMissing);
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS, headless: true });
}

interface Violation { id: string; impact: string; nodes: { target: string[]; failureSummary: string }[] }

/** The page as it is now: nothing serious for axe, nothing beyond the edge, and a picture where SAFEBASE_TEST_PICTURES says. */
export async function inspect(page: Page, name: string): Promise<void> {
  await settled(page);
  await page.evaluate(AXE);
  const violations = await page.evaluate<Violation[]>("axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)");
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect.soft(serious.map(({ id, nodes }) => `${name}: ${id}: ${nodes.map((node) => `${node.target.join(" ")} ${node.failureSummary}`).join("; ")}`)).toEqual([]);
  expect.soft(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"), `${name} is wider than the screen`).toBeLessThanOrEqual(0);
  const folder = process.env["SAFEBASE_TEST_PICTURES"];
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/** What is pale because it is about to be replaced, or is fading in, is not what is looked at. */
async function settled(page: Page): Promise<void> {
  await page.locator("[aria-busy=true]").first().waitFor({ state: "detached" });
  const ends = "document.getAnimations().filter((each) => each.effect?.getComputedTiming().endTime !== Infinity).map((each) => each.finished)";
  await page.evaluate(`Promise.race([Promise.allSettled(${ends}), new Promise((resolve) => setTimeout(resolve, 2_000))])`); // those of a window in the background stand still
}
