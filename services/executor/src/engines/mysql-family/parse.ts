import type { PreparedParse } from "../engine.ts";
import { TRAILER } from "./args.ts";

/** Dumps are SQL, which shows its end by its last line. */
export async function prepareParse(): Promise<PreparedParse> {
  return { readerOf: () => ({ stages: [], trailer: TRAILER }) };
}
