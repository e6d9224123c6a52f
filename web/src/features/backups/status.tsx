import type { Status } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { Badge, type Tone } from "../../ui/badge.tsx";

const TONES: Record<Status, Tone> = { pending: "none", running: "info", completed: "good", failed: "bad", canceled: "none" };

/** How a job ended, or that it has not. */
export function StatusBadge(props: { status: Status }) {
  return <Badge tone={TONES[props.status]}>{t().status[props.status]}</Badge>;
}
