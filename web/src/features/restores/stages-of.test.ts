import { expect, it } from "vitest";
import { stagesOf } from "./stages-of.ts";

const restore = (changes: Partial<Parameters<typeof stagesOf>[0]>) => ({ status: "pending" as const, starts_in_s: 0, safety_backup_id: null, safety_status: null, ...changes });
const states = (changes: Partial<Parameters<typeof stagesOf>[0]>): string => stagesOf(restore(changes)).map(({ state }) => state).join(" ");
const saved = (safety_status: "pending" | "running" | "completed" | "failed" | "canceled") => ({ safety_backup_id: 1, safety_status });

it("goes from the countdown by way of the safety backup to the end", () => {
  expect(states({ starts_in_s: 8, ...saved("pending") })).toBe("now next next next");
  expect(states(saved("running"))).toBe("done now next next");
  expect(states(saved("completed"))).toBe("done done now next");
  expect(states({ status: "running", starts_in_s: null, ...saved("completed") })).toBe("done done now next");
  expect(states({ status: "completed", starts_in_s: null, ...saved("completed") })).toBe("done done done done");
  expect(states({ status: "running", starts_in_s: null })).toBe("done now next");
});

it("shows where it ended", () => {
  expect(states({ status: "canceled", starts_in_s: null, ...saved("canceled") })).toBe("left_out left_out left_out left_out");
  expect(states({ status: "failed", starts_in_s: null, ...saved("failed") })).toBe("done failed left_out left_out");
  expect(states({ status: "failed", starts_in_s: null, ...saved("completed") })).toBe("done done failed left_out");
  expect(states({ status: "running", starts_in_s: null, ...saved("canceled") })).toBe("done left_out now next");
});
