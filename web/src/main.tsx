import { render } from "solid-js/web";
import { App } from "./app.tsx";
import { startLocale } from "./i18n/i18n.ts";
import { startTheme } from "./theme/theme.ts";
import "./theme/theme.css";

startTheme();
await startLocale();
const root = document.getElementById("app");
if (root === null) throw new Error("index.html has no #app");
render(() => <App />, root);
