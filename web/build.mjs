/** Builds the widget: `node build.mjs [folder]`, into `dist` if no folder is named. */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const folder = process.argv[2] ?? join(here, "dist");
const common = {
  absWorkingDir: here,
  bundle: true,
  charset: "utf8",
  legalComments: "none",
  minify: true,
  sourcemap: "linked",
  target: "es2021",
};

/** A style sheet becomes a text, for `CSSStyleSheet.replaceSync`. */
const styles = {
  name: "styles",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), {
        loader: "css", minify: true, charset: "utf8",
      });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

/** The server takes nothing but websockets, so the other transports stay out. */
const websocketOnly = {
  name: "websocket-only",
  setup({ onLoad }) {
    onLoad({ filter: /engine\.io-client\/build\/esm\/transports\/index\.js$/ }, () => ({
      contents: `import { WS } from "./websocket.js";
        export const transports = { websocket: WS };`,
      loader: "js",
    }));
  },
};

await build({
  ...common,
  entryPoints: ["src/chat.js"],
  outfile: join(folder, "chat.js"),
  format: "esm",
  plugins: [styles, websocketOnly],
});
const version = createHash("sha256").update(await readFile(join(folder, "chat.js")));
await build({
  ...common,
  entryPoints: ["src/loader.js"],
  outfile: join(folder, "widget.js"),
  format: "iife",
  plugins: [styles],
  define: { VERSION: JSON.stringify(version.digest("hex").slice(0, 10)) },
});
