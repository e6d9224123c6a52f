import type { Notice } from "@safebase/contracts";
import { createLog } from "@safebase/runtime";
import { Counter, Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { createDelivery } from "./delivery.ts";
import { completedBackup, failedBackup } from "./notice.fixture.ts";

const never = new AbortController().signal;

function delivery(deliver: () => Promise<void>, wants: (notice: Notice) => boolean = () => true) {
  const counter = new Counter({ name: "deliveries", help: "-", labelNames: ["channel", "outcome"], registers: [new Registry()] });
  const handle = createDelivery({ name: "test", wants, deliver }, createLog("notifier", "silent"), counter);
  const outcomes = async (): Promise<Record<string, number>> =>
    Object.fromEntries((await counter.get()).values.map(({ labels, value }): [string, number] => [String(labels.outcome), value]));
  return { handle, outcomes };
}

const refuse = () => Promise.reject(new Error("refused"));

describe("a delivery", () => {
  it("is done once it is taken", async () => {
    const { handle, outcomes } = delivery(() => Promise.resolve());
    expect(await handle(failedBackup(), 1, never)).toBeUndefined();
    expect(await outcomes()).toEqual({ delivered: 1 });
  });

  it("is tried again after ever longer pauses, for hours, then given up", async () => {
    const { handle, outcomes } = delivery(refuse);
    let total_ms = 0;
    for (let attempt = 1; attempt < 50; attempt++) {
      const again = await handle(failedBackup(), attempt, never);
      expect(again).toBeDefined();
      if (attempt === 1) expect(again!.again_in_ms).toBeLessThanOrEqual(1_000);
      expect(again!.again_in_ms).toBeLessThanOrEqual(15 * 60_000);
      total_ms += again!.again_in_ms;
    }
    expect(total_ms).toBeGreaterThan(4 * 3600_000);
    expect(await handle(failedBackup(), 50, never)).toBeUndefined();
    expect(await outcomes()).toEqual({ failed: 50, given_up: 1 });
  });

  it("is left out when the channel does not want it, when it is old, and when it cannot be read", async () => {
    const { handle, outcomes } = delivery(refuse, (notice) => notice.error !== null);
    expect(await handle(completedBackup(), 1, never)).toBeUndefined();
    expect(await handle(failedBackup({ at: new Date(Date.now() - 25 * 3600_000).toISOString() }), 1, never)).toBeUndefined();
    expect(await handle({ kind: "nonsense" }, 1, never)).toBeUndefined();
    expect(await outcomes()).toEqual({ given_up: 1 });
  });

  it("is handed back when the notifier stops", async () => {
    const { handle } = delivery(refuse);
    await expect(handle(failedBackup(), 1, AbortSignal.abort())).rejects.toThrow("refused");
  });
});
