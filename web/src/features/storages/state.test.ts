import { expect, it } from "vitest";
import type { Storage } from "../../api/types.ts";
import { worstOf } from "./state.ts";

const look = (group: string, reachable: boolean, nearly_full: boolean) => ({ group, reachable, nearly_full }) as Storage["status"][number];

it.each([[[], "unknown"], [[look("a", true, false)], "up"], [[look("a", true, false), look("b", true, true)], "full"], [[look("a", true, true), look("b", false, false), look("c", true, false)], "down"]])("%j: %s", (status, stand) => {
  expect(worstOf(status).stand).toBe(stand);
});
