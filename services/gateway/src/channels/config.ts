import { ChannelConfig, SafebaseError } from "@safebase/contracts";
import { CHANNEL_CONTEXT, type Secrets } from "@safebase/runtime";
import { z } from "zod";
import type { Channel } from "../catalog/schema.ts";
import { sentenceOf } from "../http/sentence.ts";

type Type = ChannelConfig["type"];

/** What may be shown of where a channel leads; all the rest is never told again. */
const SHOWN: Partial<Record<Type, readonly string[]>> = { email: ["to", "from"], telegram: ["chat_id"] };

/** Where secrets would be sent: another address needs them anew, else a stolen session could have them sent elsewhere. */
const BOUND: Partial<Record<Type, { readonly address: string; readonly secrets: readonly string[] }>> = {
  telegram: { address: "api_url", secrets: ["bot_token"] }, ntfy: { address: "url", secrets: ["topic", "token"] }, webhook: { address: "url", secrets: ["secret"] },
};

/** Null when it was sealed with a master key that is lost: then it has to be given anew. */
export function openConfig(secrets: Secrets, { config_sealed }: Pick<Channel, "config_sealed">): ChannelConfig | null {
  if (!secrets.opens(config_sealed)) return null;
  return ChannelConfig.parse(JSON.parse(secrets.open(config_sealed, CHANNEL_CONTEXT)));
}

/** The columns that say where a channel leads. */
export function sealConfig(secrets: Secrets, config: ChannelConfig): Pick<Channel, "type" | "target" | "config_sealed"> {
  return { type: config.type, target: targetOf(config), config_sealed: secrets.seal(JSON.stringify(config), CHANNEL_CONTEXT) };
}

/** What may be shown of it, and the names of what is set beside that. */
export function shownConfig(type: Type, config: ChannelConfig | null): { config: Record<string, unknown> & { type: Type }; secret_fields: string[] } {
  if (config === null) return { config: { type }, secret_fields: [] };
  const shown = ["type", ...SHOWN[type] ?? []];
  const fields = Object.entries(config).filter(([, value]) => value !== undefined);
  return {
    config: { ...Object.fromEntries(fields.filter(([name]) => shown.includes(name))), type: config.type },
    secret_fields: fields.map(([name]) => name).filter((name) => !shown.includes(name)),
  };
}

/** Hosts and addresses: without paths, names of users, and whatever else may be secret. */
function targetOf(config: ChannelConfig): string {
  if (config.type === "email") return config.to.join(", ");
  return new URL(config.type === "telegram" ? config.api_url : config.url).host;
}

/** Any of the fields; null takes one away. */
export type ConfigChange = Readonly<Record<string, unknown>>;

/** The config after a change. What is left out stays, but another type begins anew. Throws a sentence that names the field. */
export function changeConfig(before: ChannelConfig | null, change: ConfigChange): ChannelConfig {
  const kept = before === null || (change["type"] !== undefined && change["type"] !== before.type) ? undefined : before;
  if (kept !== undefined) refuseMoved(kept, change);
  const fields = Object.entries({ ...kept, ...change }).filter(([, value]) => value !== null);
  const input = { config: Object.fromEntries(fields) };
  const parsed = z.object({ config: ChannelConfig }).safeParse(input);
  if (!parsed.success) throw new SafebaseError("bad_request", sentenceOf(parsed.error, input), { cause: parsed.error });
  return parsed.data.config;
}

function refuseMoved(before: ChannelConfig, change: ConfigChange): void {
  const bound = BOUND[before.type];
  const kept: ConfigChange = before;
  if (bound === undefined || change[bound.address] === undefined || change[bound.address] === kept[bound.address]) return;
  const missing = bound.secrets.filter((name) => kept[name] !== undefined && change[name] === undefined);
  if (missing.length === 0) return;
  throw new SafebaseError("bad_request", `config.${missing[0]} is missing: it must be given again when config.${bound.address} changes`, {
    hint: "send it in the same request, or null for none",
  });
}
