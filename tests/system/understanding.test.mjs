// What the trained starter bot understands: customers' sentences that it was never shown, in the
// program as it ships.  The figures themselves are for script/bench understanding; these are floors.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { botFolder, cleanUp, kRoot, wasl } from "./harness.mjs";

after(() => cleanUp([]));

const bot = botFolder();
const model = join(bot, "models", "intents");
const heldOut = readFileSync(join(kRoot, "tests/understanding/held_out.tsv"), "utf8").trimEnd().split("\n");
const arabic = (row) => /\p{Script=Arabic}/u.test(row);

function evaluate(rows) {
  const file = join(bot, "rows.tsv");
  writeFileSync(file, rows.join("\n") + "\n");
  const run = wasl(["eval", "--model", model, "--data", file, "--json"]);
  assert.equal(run.code, 0, run.stderr);
  return JSON.parse(run.stdout);
}

function understand(sentences) {
  const run = wasl(["understand", "--bot", bot], { input: sentences.map((s) => s.replaceAll("\n", " ") + "\n").join("") });
  assert.equal(run.code, 0, run.stderr);
  const lines = run.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.equal(lines.length, sentences.length);
  return lines;
}

/** The `not` sentences of an intent file: a list in brackets or a line each. */
function notOf(text) {
  const block = /^ {2}not:((?: \[[^\]]*\])|(?:\n {4}- .*)+)/m.exec(text)?.[1] ?? "";
  return [...block.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((found) => found[1].replace(/\\(.)/g, "$1"));
}

test("sentences never trained on are understood in both languages", () => {
  assert.ok(heldOut.length > 900);
  const english = evaluate(heldOut.filter((row) => !arabic(row)));
  const arab = evaluate(heldOut.filter(arabic));
  assert.ok(english.accuracy_in_scope_top1 >= 0.88, `English ${english.accuracy_in_scope_top1}`);
  assert.ok(arab.accuracy_in_scope_top1 >= 0.85, `Arabic ${arab.accuracy_in_scope_top1}`);
  const all = evaluate(heldOut);
  assert.ok(all.oos_auroc >= 0.95, `out of scope ${all.oos_auroc}`);
  assert.ok(all.ece <= 0.05, `calibration ${all.ece}`);
  assert.equal(all.rows, heldOut.length);
});

test("no held-out sentence is an example", () => {
  const plain = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}\s]/gu, "").replace(/\s+/g, " ").trim();
  const examples = new Set();
  for (const file of readdirSync(join(bot, "intents"))) {
    for (const line of readFileSync(join(bot, "intents", file), "utf8").split("\n")) {
      if (line.startsWith("      ")) examples.add(plain(line.replace(/\{\w+: ([^}]*)\}/g, "$1")));
    }
  }
  assert.ok(examples.size > 10_000);
  const seen = heldOut.map((row) => row.split("\t")[1]).filter((text) => examples.has(plain(text)));
  assert.deepEqual(seen, []);
});

test("what an intent says it is not, it does not claim", () => {
  const cases = [];
  for (const file of readdirSync(join(bot, "intents"))) {
    const text = readFileSync(join(bot, "intents", file), "utf8");
    const intent = /^- intent: (\w+)/m.exec(text)?.[1];
    for (const sentence of notOf(text)) cases.push({ intent, sentence });
  }
  assert.ok(cases.length > 200);
  const claimed = understand(cases.map((one) => one.sentence))
    .map((said, i) => ({ ...cases[i], said }))
    .filter(({ said, intent }) => said.decision === "act" && said.intents[0].intent === intent);
  assert.deepEqual(claimed.map(({ intent, sentence }) => `${intent}: ${sentence}`), []);
});

test("strangers' questions, noise and bare values are not acted on", () => {
  const said = understand(["what's the weather like in london", "who won the match", "مين فاز بالمباراة", "كيف حال الطقس بكرة",
    "asdf qwer", "؟؟؟", "😀", "12345"]);
  for (const one of said) assert.equal(one.decision, "not_understood", one.why);
});
