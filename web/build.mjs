// Builds everything into dist/ under fixed names; the server adds ETags, so names carry no hashes.
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { readFileSync } from "node:fs";
import { build } from "vite";

const root = fileURLToPath(new URL(".", import.meta.url));
const common = { root, configFile: false, logLevel: "warn", publicDir: false };

/** One classic script: embedding sites need neither modules nor CORS. */
const script = (entry, file, name, empty) =>
  build({
    ...common,
    build: {
      outDir: "dist",
      emptyOutDir: empty,
      target: "es2022",
      lib: { entry, formats: ["iife"], name, fileName: () => file },
    },
  });

/** One page with its script and styles. */
const page = (name) =>
  build({
    ...common,
    build: {
      outDir: "dist",
      emptyOutDir: false,
      target: "es2022",
      modulePreload: false,
      assetsInlineLimit: 0,
      rollupOptions: {
        input: { [name]: `${name}/index.html` },
        output: {
          entryFileNames: "assets/[name].js",
          chunkFileNames: "assets/[name].js",
          assetFileNames: "assets/[name][extname]",
        },
      },
    },
  });

await script("widget/loader.ts", "widget.js", "WaslLoader", true);
await script("widget/panel.ts", "assets/widget-app.js", "WaslPanel", false);
await page("console");
await page("demo");

// The size budgets of the design; a build over them fails.
const budgets = { "widget.js": 3 * 1024, "assets/widget-app.js": 35 * 1024 };
for (const [file, bytes_max] of Object.entries(budgets)) {
  const bytes = gzipSync(readFileSync(`${root}dist/${file}`)).length;
  console.log(`${file}: ${bytes} bytes gzip (at most ${bytes_max})`);
  if (bytes > bytes_max) process.exitCode = 1;
}
