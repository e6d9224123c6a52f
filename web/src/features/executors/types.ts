import type { InferResponseType } from "hono/client";
import type { api } from "../../api/client.ts";

export type Alive = InferResponseType<(typeof api)["executors"]["$get"], 200>;
export type Group = Alive["groups"][number];
export type Executor = NonNullable<Alive["executors"]>[number];
export type JoinToken = InferResponseType<(typeof api)["executors"]["join-tokens"]["$get"], 200>["join_tokens"][number];
export type MadeJoinToken = InferResponseType<(typeof api)["executors"]["join-tokens"]["$post"], 201>;
