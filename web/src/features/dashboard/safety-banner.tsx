import { For, Show } from "solid-js";
import type { Dashboard } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { may } from "../session/rights.ts";

type Verdict = Dashboard["verdict"];

const TONES = { nothing: "none", safe: "good", risk: "warn", missed: "bad" } as const;
const ICONS = { nothing: "shield", safe: "shieldCheck", risk: "alert", missed: "alert" } as const;

/** Are we safe? One word, one colour, and what makes it so. */
export function SafetyBanner(props: { verdict: Verdict }) {
  return (
    <section class={`safety tone-${TONES[props.verdict.state]}`} aria-label={t().dashboard.safety} aria-live="polite">
      <span class="safety-mark"><Icon name={ICONS[props.verdict.state]} size={28} /></span>
      <div class="safety-text">
        <p class="safety-verdict">{t().dashboard.verdicts[props.verdict.state]}</p>
        <For each={sentences(props.verdict)}>{(line) => <p class="wrap">{line}</p>}</For>
      </div>
      <Show when={props.verdict.state === "nothing" && may("manage")}>
        <div class="safety-actions"><ButtonLink href="/start" look="main" icon="right">{t().dashboard.start}</ButtonLink><ButtonLink href="/databases/new" icon="plus">{t().dashboard.add}</ButtonLink></div>
      </Show>
    </section>
  );
}

function sentences({ state, databases, critical, ...counts }: Verdict): string[] {
  const words = t().dashboard;
  if (state === "nothing") return [words.nothing, words.nothingHint];
  if (state === "safe") return [words.safe(databases)];
  const found = (["missed", "never", "at_risk", "unplanned"] as const).filter((each) => counts[each] > 0).map((each) => words[each](counts[each], databases));
  return found.length > 0 ? found : [words.critical(critical)];
}
