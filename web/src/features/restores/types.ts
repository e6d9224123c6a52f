import type { InferResponseType } from "hono/client";
import type { api } from "../../api/client.ts";

type Routes = typeof api;

export type Restore = InferResponseType<Routes["restores"]["$get"], 200>["restores"][number];
export type Plan = InferResponseType<Routes["backups"][":id"]["restore"]["plan"]["$post"], 200>["plan"];
export type Verification = InferResponseType<Routes["verifications"]["$get"], 200>["verifications"][number];
