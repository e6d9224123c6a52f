import type { SealedChannel } from "@safebase/contracts";
import { describe, expect, it } from "vitest";
import { merge, type Snapshot } from "./directory.ts";

const GRACE_MS = 1_000;
const known = new Map([channel(1), channel(2)]);

describe("the channels to serve", () => {
  it("are those of the bucket, as they are now", () => {
    const changed = channel(1, "new name");
    expect(merge(known, snapshot({ channels: new Map([changed, channel(3)]), age_ms: 5_000 }), GRACE_MS)).toEqual(new Map([changed, channel(3)]));
  });

  it("stay as they were while a bucket that was lost is filled again, but for those that are deleted", () => {
    const young = snapshot({ channels: new Map([channel(3)]), deleted: new Set([2]), age_ms: 500 });
    expect([...merge(known, young, GRACE_MS).keys()]).toEqual([1, 3]);
  });

  it("stay as they were when their entry cannot be understood", () => {
    expect([...merge(known, snapshot({ bad: new Map([[2, new Error("x")], [4, new Error("x")]]), age_ms: 5_000 }), GRACE_MS).keys()]).toEqual([2]);
  });
});

function snapshot(over: Partial<Snapshot>): Snapshot {
  return { channels: new Map(), deleted: new Set(), bad: new Map(), age_ms: 0, ...over };
}

function channel(id: number, name = "-"): [number, SealedChannel] {
  return [id, { channel_id: id, name, type: "slack", language: "en", group_s: 0, config_sealed: "-", watches_gateway: false, trusted: false }];
}
