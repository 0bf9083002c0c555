// Builds broker/static/dist: one stylesheet, the scripts, the fonts. `npm run build`.
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "..", "broker", "static", "dist");
const modules = join(here, "node_modules");

rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, "fonts"), { recursive: true });

const built = sass.compile(join(here, "app.scss"), {
  loadPaths: [modules],
  style: "compressed",
  quietDeps: true,
  charset: false,
});
writeFileSync(join(dist, "app.css"), built.css);

for (const part of ["latin", "latin-ext"]) {
  const name = `public-sans-${part}-wght-normal.woff2`;
  cpSync(join(modules, "@fontsource-variable/public-sans/files", name), join(dist, "fonts", name));
}
const scripts = {
  "govuk-frontend.js": join(modules, "govuk-frontend/dist/govuk/govuk-frontend.min.js"),
  "autocomplete.js": join(modules, "accessible-autocomplete/dist/accessible-autocomplete.min.js"),
  "app.js": join(here, "app.js"),
  "has-script.js": join(here, "has-script.js"),
  "mark.svg": join(here, "mark.svg"),
};
for (const [name, from] of Object.entries(scripts)) cpSync(from, join(dist, name));
