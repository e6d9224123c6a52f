import { t } from "../../i18n/i18n.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { Empty } from "../../ui/problem.tsx";

export function NotFound() {
  return <><h1 class="hidden" tabindex="-1">{t().errors.notFoundTitle}</h1><Empty title={t().errors.notFoundTitle} text={t().errors.notFoundText}><ButtonLink href="/" look="main">{t().errors.home}</ButtonLink></Empty></>;
}
