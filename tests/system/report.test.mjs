// `wasl eval --report`: a page for a model and for a bot, of ordinary and of odd data, and what is
// said when it cannot be written.
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { kRoot, tempFolder, wasl } from "./harness.mjs";

const tiny = join(kRoot, "bench/tiny");
const folder = tempFolder();
const model = join(folder, "model");
before(() => {
  const trained = wasl(["train", "--data", join(tiny, "rows.tsv"), "--model", model]);
  assert.equal(trained.code, 0, trained.stderr);
});

const sum = (page, begin) =>
  [...page.matchAll(new RegExp(`${begin} data-rows="(\\d+)"`, "g"))].reduce((all, [, rows]) => all + Number(rows), 0);
let count = 0;
/** Judges lines of `label<TAB>text`; gives the page and what `--json` says. */
function judged(lines) {
  const [data, report] = [join(folder, `rows-${++count}.tsv`), join(folder, `report-${count}.html`)];
  writeFileSync(data, lines.map((line) => `${line}\n`).join(""));
  const run = wasl(["eval", "--model", model, "--data", data, "--json", "--report", report]);
  return { ...run, report, page: existsSync(report) ? readFileSync(report, "utf8") : "" };
}

test("the page says what --json says, and accounts for every row", () => {
  const lines = readFileSync(join(tiny, "held_out.tsv"), "utf8").trim().split("\n");
  const { code, stdout, stderr, page } = judged(lines);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /report-\d+\.html/);
  const said = JSON.parse(stdout);
  assert.equal(said.per_language, undefined, "languages of a model are only recognised: for the page alone");
  assert.equal(sum(page, '<g class="cell"'), lines.length);
  for (const key of ["accuracy_in_scope_top1", "accuracy_in_scope_joint", "oos_recall", "oos_auroc", "macro_f1"]) {
    assert.ok(page.includes(`${(100 * said[key]).toFixed(1)} %`), `${key} ${said[key]}`);
  }
  assert.ok(page.includes(said.ece.toFixed(3)));
});

test("odd data: one class, only strangers, an unknown intent, one row, markup in label and text", () => {
  for (const [what, lines] of Object.entries({
    "one class": ["get_refund\trefund me", "get_refund\tmoney back"],
    "only strangers": ["oos\ta joke", "oos\tكيف الجو"],
    "an unknown intent": ["never_seen\trefund me", "get_refund\trefund me"],
    "one row": ["track_order\twhere is it"],
    markup: ["<script>alert(1)</script>\t<img src=x onerror=alert(2)> & \"more\"", "oos\t</title><script>alert(3)</script>"],
  })) {
    const { code, stderr, page } = judged(lines);
    assert.equal(code, 0, `${what}: ${stderr}`);
    assert.equal(sum(page, '<g class="cell"'), lines.length, what);
    assert.doesNotMatch(page, /<script|<img|NaN|\binf\b/, what);
  }
});

test("no rows: a mistake with its place, and no page", () => {
  const { code, stdout, report } = judged([]);
  assert.equal(code, 3, stdout);
  assert.match(stdout, /rows-\d+\.tsv/);
  assert.ok(!existsSync(report));
});

test("a page that cannot be written: exit 4, said before any work", () => {
  mkdirSync(join(folder, "taken.html"));
  for (const report of [join(folder, "taken.html"), join(folder, "nowhere", "out.html"), join(folder, "rows-1.tsv", "out.html")]) {
    const run = wasl(["eval", "--model", model, "--data", join(tiny, "rows.tsv"), "--report", report]);
    assert.equal(run.code, 4, run.stderr);
    assert.match(run.stderr, /cannot write/);
    assert.equal(run.stdout, "");
  }
});

test("a bot: its languages and all its examples are in the page, the same each time but for the time", { timeout: 120_000 }, () => {
  const bot = join(folder, "bot");
  cpSync(join(tiny, "bot"), bot, { recursive: true });
  const pages = ["a", "b"].map((name) => {
    const report = join(folder, `bot-${name}.html`);
    const run = wasl(["eval", "--bot", bot, "--folds", "3", "--json", "--report", report]);
    assert.equal(run.code, 0, run.stderr);
    const page = readFileSync(report, "utf8");
    const said = JSON.parse(run.stdout);
    assert.equal(sum(page, '<g class="cell"'), said.rows);
    assert.ok(said.per_language.en && said.per_language.ar);
    for (const heading of ["Each intent, ar", "Each intent, en"]) assert.ok(page.includes(heading), heading);
    return page;
  });
  const timeless = (page) => page.replace(/^.*Time of one message.*$/m, "");
  assert.notEqual(timeless(pages[0]), pages[0]);
  assert.equal(timeless(pages[0]), timeless(pages[1]));
});
