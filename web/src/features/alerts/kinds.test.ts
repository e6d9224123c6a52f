import { NOTICE_KINDS, NOTICE_SEVERITY } from "@safebase/contracts";
import { expect, test } from "vitest";
import { GROUPS, KINDS, presetOf, PRESETS, SEVERITY, usualKinds } from "./kinds.ts";

test("each kind has its severity and stands in one group", () => {
  expect(SEVERITY).toEqual(NOTICE_SEVERITY);
  expect(Object.values(GROUPS).flat().toSorted()).toEqual(NOTICE_KINDS.toSorted());
});

test("presets are known again, and nothing else is", () => {
  expect(presetOf(PRESETS.failures.toReversed())).toBe("failures");
  expect(presetOf(KINDS)).toBe("everything");
  expect(presetOf(usualKinds("email"))).toBe("trouble");
  expect(presetOf(usualKinds("healthchecks"))).toBeUndefined();
  expect(presetOf([])).toBeUndefined();
  expect(PRESETS.trouble).toContain("storage_back");
  expect(PRESETS.trouble).not.toContain("backup_completed");
});
