import { For } from "solid-js";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import type { Safety } from "./safety.ts";

const NAMED = 4;
const TONES = { nothing: "none", safe: "good", risk: "warn", missed: "bad" } as const;

/** Are we safe? One word, one colour, and what makes it so. */
export function SafetyBanner(props: { safety: Safety }) {
  const lines = (): string[] => sentences(props.safety);
  return (
    <section class={`safety tone-${TONES[props.safety.verdict]}`} aria-label={t().dashboard.safety}>
      <Icon name={props.safety.verdict === "safe" ? "shieldCheck" : props.safety.verdict === "nothing" ? "shield" : "alert"} size={30} />
      <div class="safety-text">
        <p class="safety-verdict">{t().dashboard.verdicts[props.safety.verdict]}</p>
        <For each={lines()}>{(line) => <p class="wrap">{line}</p>}</For>
      </div>
      {props.safety.verdict === "nothing"
        ? <ButtonLink href="/start" look="main" icon="plus">{t().dashboard.add}</ButtonLink>
        : props.safety.verdict === "safe" ? undefined : <ButtonLink href="/databases">{t().dashboard.see}</ButtonLink>}
    </section>
  );
}

function sentences({ verdict, databases, ...found }: Safety): string[] {
  const words = t().dashboard;
  if (verdict === "nothing") return [words.nothing, words.nothingHint];
  if (verdict === "safe") return [words.safe(databases)];
  return (["missed", "never", "risk", "unplanned"] as const).filter((kind) => found[kind].length > 0).map((kind) => words[kind](named(found[kind]), found[kind].length));
}

function named(names: readonly string[]): string {
  return f().list(names.length > NAMED ? [...names.slice(0, NAMED - 1), `+ ${f().number(names.length - NAMED + 1)}`] : names);
}
