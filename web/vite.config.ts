import { defineConfig } from "vite";
import solid from "vite-plugin-solid";

/** Where `npm run dev -w web` finds a gateway that runs. */
const GATEWAY = process.env["SAFEBASE_URL"] ?? "http://127.0.0.1:3000";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [solid()],
  build: {
    outDir: "dist.new", manifest: true, target: "es2022", modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // the policy of the pages allows no data: addresses
  },
  server: { host: "127.0.0.1", proxy: { "^/(api|auth|download)(/|$)": GATEWAY } },
});
