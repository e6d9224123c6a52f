import { chooseLocale, locale, LOCALES, t } from "../../i18n/i18n.ts";
import { chooseTheme, theme, THEMES } from "../../theme/theme.ts";
import { Choice } from "../../ui/field.tsx";
import "./shell.css";

/** Language and appearance, for this browser. */
export function Preferences() {
  return (
    <div class="preferences">
      <Choice label={t().app.language} value={locale()} options={LOCALES.map((value) => ({ value, label: t().languages[value] }))} onChange={(value) => void chooseLocale(value)} />
      <Choice label={t().app.theme} value={theme()} options={THEMES.map((value) => ({ value, label: t().themes[value] }))} onChange={chooseTheme} />
    </div>
  );
}
