import { Command } from "@commander-js/extra-typings";
import type { Texts } from "./texts/texts.ts";

/** `safebase`, before it has its commands. */
export function newRoot(t: Texts) {
  return new Command("safebase").description(t.commands.root).option("--json", t.options.json)
    .helpOption("-h, --help", t.options.help).helpCommand("help [command]", t.commands.help)
    .configureHelp({
      styleTitle: (title) => t.titles[title] ?? title, showGlobalOptions: true,
      optionDescription: ({ description, argChoices }) => (argChoices === undefined ? description : `${description}: ${argChoices.join(", ")}`),
    })
    .configureOutput({ outputError: () => { /* main tells it, in the user's language */ } })
    .addHelpText("after", `\n${t.helpEnd}`)
    .exitOverride();
}

export type Root = ReturnType<typeof newRoot>;
