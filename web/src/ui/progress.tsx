import { Show } from "solid-js";
import type { Progress } from "../api/types.ts";
import { f } from "../i18n/use-format.ts";
import { t } from "../i18n/i18n.ts";
import "./progress.css";

/** Where a job is: how much of how much, how fast, how long still. `begun`: an executor has it, though nothing is known yet; else `waiting` says what it waits for. */
export function JobProgress(props: { progress: Progress | null; label: string; begun?: boolean; waiting?: string | undefined }) {
  const share = (): number | undefined => {
    const { bytes_in, total_bytes } = props.progress ?? { bytes_in: 0, total_bytes: null };
    return total_bytes === null || total_bytes === 0 ? undefined : Math.min(1, bytes_in / total_bytes);
  };
  return (
    <div class="progress">
      <progress aria-label={props.label} max={1} {...(share() === undefined ? {} : { value: share() })} />
      <p class="small dim"><Show when={props.progress} fallback={props.begun === true ? t().phases["prepare"] : props.waiting ?? t().progress.waiting}>{(progress) => words(progress())}</Show></p>
    </div>
  );
}

function words(progress: Progress): string {
  const { bytes_in, total_bytes, rate_bytes_per_s: rate } = progress;
  const done = total_bytes === null || bytes_in > total_bytes ? f().bytes(bytes_in) : t().progress.of(f().bytes(bytes_in), f().bytes(total_bytes));
  const phase = t().phases[progress.phase] ?? progress.phase;
  if (bytes_in === 0) return phase; // nothing has come yet
  const left_ms = total_bytes === null || rate <= 0 ? 0 : ((total_bytes - bytes_in) / rate) * 1000;
  return [phase, done, f().rate(rate), ...(left_ms > 1000 ? [t().progress.left(f().duration(left_ms))] : [])].join(" · ");
}
