import type { ChannelConfig, ChannelType, OneChannel } from "./types.ts";
import { usualKinds } from "./kinds.ts";

export const TYPES = Object.keys({ email: 1, slack: 1, discord: 1, teams: 1, telegram: 1, ntfy: 1, webhook: 1, healthchecks: 1 } satisfies Record<ChannelType, 1>) as ChannelType[];

/** The fields of each type as the API names them, what is needed first. */
const FIELDS = {
  email: { needed: ["to"], optional: ["from", "smtp_url"] },
  slack: { needed: ["url"], optional: [] },
  discord: { needed: ["url"], optional: [] },
  teams: { needed: ["url"], optional: [] },
  telegram: { needed: ["bot_token", "chat_id"], optional: ["api_url"] },
  ntfy: { needed: ["topic"], optional: ["url", "token"] },
  webhook: { needed: ["url"], optional: ["secret"] },
  healthchecks: { needed: ["url"], optional: [] },
} as const satisfies Record<ChannelType, { needed: readonly string[]; optional: readonly string[] }>;

type Sides = (typeof FIELDS)[ChannelType];
export type ConfigField = Sides["needed"][number] | Sides["optional"][number];

/** Fields that the API fills in by itself: nothing is lost when they are left out, and none can be taken away. */
const PRESET_FIELDS: Partial<Record<ChannelType, ConfigField>> = { telegram: "api_url", ntfy: "url" };

export const ALL = [...new Set(Object.values(FIELDS).flatMap(({ needed, optional }): readonly ConfigField[] => [...needed, ...optional]))];

export function fieldsOf(type: ChannelType): readonly ConfigField[] {
  return [...FIELDS[type].needed, ...FIELDS[type].optional];
}

/** Must it be filled in? What is set already need not be given again; mails need a server of their own where SafeBase has none. */
export function isNeeded(field: ConfigField, type: ChannelType, kept: readonly string[], email_server = true): boolean {
  if (kept.includes(field)) return false;
  return (FIELDS[type].needed as readonly string[]).includes(field) || (type === "email" && field === "smtp_url" && !email_server);
}

/** Can it be taken away again? */
export function isRemovable(field: ConfigField, type: ChannelType): boolean {
  return (FIELDS[type].optional as readonly string[]).includes(field) && PRESET_FIELDS[type] !== field;
}

/** Everything that is typed or chosen of a channel; lists are joined with commas. `reach`: own, chosen or all. `others`: some of the chosen databases are not its owner's. `dropped`: secrets to take away. */
export type ChannelValues = Record<ConfigField | "name" | "events" | "reach" | "database_ids" | "others" | "language" | "group_s" | "dropped", string>;

const GROUP_S = "60";

export function freshValues(type: ChannelType, language: string, to: string): ChannelValues {
  return { ...nothing(), to, language, events: usualKinds(type).join(), group_s: type === "healthchecks" ? "0" : GROUP_S };
}

function nothing(): ChannelValues {
  return { name: "", ...Object.fromEntries(ALL.map((field) => [field, ""])) as Record<ConfigField, string>, events: "", reach: "own", database_ids: "", others: "", language: "en", group_s: GROUP_S, dropped: "" };
}

/** What is known of one: its secrets are not. */
export function knownValues(channel: OneChannel): ChannelValues {
  const { name, config, events, database_ids, all_users, language, group_s } = channel;
  const known = Object.fromEntries(ALL.flatMap((field) => (config[field] === undefined ? [] : [[field, shown(config[field])]])));
  const reach = database_ids !== null ? "chosen" : all_users ? "all" : "own";
  return { ...nothing(), ...known, name, events: events.join(), reach, database_ids: (database_ids ?? []).join(), others: all_users ? "true" : "", language, group_s: String(group_s) };
}

function shown(value: unknown): string {
  return Array.isArray(value) ? value.join(", ") : String(value);
}

/** What was typed, as the API takes it for a new channel. */
export function configOf(type: ChannelType, values: Partial<Record<ConfigField, string>>): ChannelConfig {
  const fields = fieldsOf(type).map((field) => [field, typed(field, values[field] ?? "")] as const).filter(([, value]) => value !== "");
  return { type, ...Object.fromEntries(fields) } as ChannelConfig;
}

/** What is to change of one that is there: what was left empty stays when it is a secret, and is taken away when it was shown or dropped. */
export function changesOf(before: OneChannel, type: ChannelType, values: ChannelValues): Record<string, unknown> {
  if (type !== before.type) return configOf(type, values);
  const known = knownValues(before);
  const changes: Record<string, unknown> = {};
  for (const field of fieldsOf(type)) {
    const value = values[field].trim();
    if (value !== "" && value !== known[field]) changes[field] = typed(field, value);
    else if (listOf(values.dropped).includes(field) || (value === "" && known[field] !== "")) changes[field] = null;
  }
  return changes;
}

function typed(field: ConfigField, value: string): string | string[] {
  return field === "to" ? value.split(/[\s,;]+/).filter((each) => each !== "") : value.trim();
}

/** The parts of a list that is kept as text. */
export function listOf(text: string): string[] {
  return text === "" ? [] : text.split(",");
}

/** The list with one part more or less. */
export function withPart(text: string, part: string, there: boolean): string {
  const without = listOf(text).filter((each) => each !== part);
  return (there ? [...without, part] : without).join();
}
