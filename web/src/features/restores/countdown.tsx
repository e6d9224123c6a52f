import { t } from "../../i18n/i18n.ts";

const ROUND = 2 * Math.PI * 45;

/** Seconds that run out, in a ring that does, too. */
export function Ring(props: { left_ms: number; of_ms: number }) {
  const share = (): number => (props.of_ms === 0 ? 0 : Math.min(1, props.left_ms / props.of_ms));
  return (
    <div class="ring" role="timer" aria-label={t().restores.secondsLeft(Math.ceil(props.left_ms / 1000))}>
      <svg viewBox="0 0 100 100" aria-hidden="true">
        <circle cx="50" cy="50" r="45" class="ring-track" />
        <circle cx="50" cy="50" r="45" class="ring-left" stroke-dasharray={String(ROUND)} stroke-dashoffset={ROUND * (1 - share())} />
      </svg>
      <span class="ring-number" aria-hidden="true">{Math.ceil(props.left_ms / 1000)}</span>
    </div>
  );
}
