import { expect, it } from "vitest";
import { en } from "../../i18n/en.ts";
import { createFormat } from "../../i18n/format.ts";
import { fr } from "../../i18n/fr.ts";
import { cronWords } from "./cron-words.ts";

it.each([
  ["* * * * *", "Every minute", "Chaque minute"], ["*/15 * * * *", "Every 15 minutes", "Toutes les 15 minutes"],
  ["0 * * * *", "Every hour, on the hour", "Chaque heure, à l’heure pile"], ["5 */6 * * *", "Every 6 hours, at 5 minutes past", "Toutes les 6 heures, 5 minutes après l’heure"],
  ["@daily", "Every day at 00:00", "Tous les jours à 00:00"], ["30 3,15 * * *", "Every day at 03:30 and 15:30", "Tous les jours à 03:30 et 15:30"],
  ["0 3 * * MON-FRI", "Monday to Friday at 03:00", "Du lundi au vendredi à 03:00"], ["0 3 * * 0,1,6", "Every Monday, Saturday and Sunday at 03:00", "Chaque lundi, samedi et dimanche à 03:00"],
  ["0 3 1 * *", "On the 1st of every month at 03:00", "Le 1er de chaque mois à 03:00"], ["0 3 22 * *", "On the 22nd of every month at 03:00", "Le 22 de chaque mois à 03:00"],
  ["0 3 12 * *", "On the 12th of every month at 03:00", "Le 12 de chaque mois à 03:00"], ["0 3 L * *", "On the last day of every month at 03:00", "Le dernier jour de chaque mois à 03:00"],
  ["0 3 1-7 * 1", "At the times of 0 3 1-7 * 1", "Aux moments que dit 0 3 1-7 * 1"],
])("%s", (expression, english, french) => {
  expect([cronWords(expression, en.cron, createFormat("en")), cronWords(expression, fr.cron, createFormat("fr"))]).toEqual([english, french]);
});
