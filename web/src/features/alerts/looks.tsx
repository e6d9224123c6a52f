import type { Severity } from "@safebase/contracts";
import { t } from "../../i18n/i18n.ts";
import { Badge, type Tone } from "../../ui/badge.tsx";
import { Icon, type IconName } from "../../ui/icon.tsx";
import type { ChannelType, NotificationStatus } from "./types.ts";

export const ICONS: Record<ChannelType, IconName> = { email: "mail", slack: "chat", discord: "chat", teams: "chat", telegram: "send", ntfy: "bell", webhook: "link", healthchecks: "pulse" };
export const SEVERITY_TONES: Record<Severity, Tone> = { critical: "bad", warning: "warn", info: "none" };

const TONES: Record<NotificationStatus, Tone> = { pending: "info", retrying: "warn", delivered: "good", dead: "bad" };

export function Outcome(props: { status: NotificationStatus }) {
  return <Badge tone={TONES[props.status]}>{t().alerts.outcomes[props.status]}</Badge>;
}

/** How much something matters, by colour and word. */
export function SeverityBadge(props: { severity: Severity }) {
  return <Badge tone={SEVERITY_TONES[props.severity]}>{t().alerts.severities[props.severity]}</Badge>;
}

export function TypeIcon(props: { type: ChannelType }) {
  return <span class="channel-icon"><Icon name={ICONS[props.type]} size={18} /></span>;
}
