import type { InferRequestType, InferResponseType } from "hono/client";
import type { api } from "../../api/client.ts";

type Routes = typeof api;

export type Channel = InferResponseType<Routes["channels"]["$get"], 200>["channels"][number];
/** A channel without what the list says besides. */
export type OneChannel = InferResponseType<Routes["channels"][":id"]["$get"], 200>["channel"];
export type ChannelConfig = InferRequestType<Routes["channels"]["$post"]>["json"]["config"];
export type ChannelTest = InferResponseType<Routes["channels"]["test"]["$post"], 200>;
export type Saved = InferResponseType<Routes["channels"]["$post"], 201>;
export type Notification = InferResponseType<Routes["notifications"]["$get"], 200>["notifications"][number];
export type NotificationStatus = Notification["status"];
export type ChannelType = Channel["type"];
