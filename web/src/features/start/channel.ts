import type { InferRequestType } from "hono/client";
import type { api } from "../../api/client.ts";

/** What is offered on the way; all other kinds have a page of their own. */
export const TYPES = ["email", "slack", "webhook"] as const;
export type Type = (typeof TYPES)[number];

export interface ChannelValues extends Record<string, string> { to: string; smtp_url: string; url: string; secret: string }

type Config = InferRequestType<(typeof api)["channels"]["test"]["$post"]>["json"]["config"];

/** What was typed, as the API takes it. */
export function configOf(type: Type, { to, smtp_url, url, secret }: ChannelValues): Config {
  switch (type) {
    case "email": return { type, to: to.split(/[\s,;]+/).filter((each) => each !== ""), ...(smtp_url.trim() === "" ? {} : { smtp_url: smtp_url.trim() }) };
    case "slack": return { type, url: url.trim() };
    case "webhook": return { type, url: url.trim(), ...(secret === "" ? {} : { secret }) };
  }
}
