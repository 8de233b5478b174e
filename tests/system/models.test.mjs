// The commands about models without a bot: train, eval, predict, rollback; their keys and exit codes.
import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { cleanUp, tempFolder, wasl } from "./harness.mjs";

const folder = tempFolder();
after(() => cleanUp([]));
const at = (name) => join(folder, name);
const kThings = ["parcel", "order", "package", "delivery", "shipment", "box"];
const kRows = kThings.flatMap((thing) => ["please", "now", "today"].flatMap((way) => [
  `track\twhere is my ${thing} ${way}`,
  `refund\tgive me money back for the ${thing} ${way}`,
  `hours\tمتى تفتحون ${way} ${thing}`,
  `oos\tthe ${thing} of the football match ${way}`,
]));

test("train, eval and predict keep what interfaces.md promises", { timeout: 120_000 }, () => {
  writeFileSync(at("train.tsv"), kRows.join("\n"));
  writeFileSync(at("test.tsv"), "track\twhere is my parcel\noos\tthe football match\nhours\tمتى تفتحون\n");
  const trained = wasl(["train", "--data", at("train.tsv"), "--model", at("model"), "--seed", "3"], { ms: 60_000 });
  assert.equal(trained.code, 0, trained.stderr);
  assert.match(trained.stderr, /measuring model/);

  const judged = wasl(["eval", "--model", at("model"), "--data", at("test.tsv"), "--json"]);
  assert.equal(judged.code, 0, judged.stderr);
  const figures = JSON.parse(judged.stdout);
  assert.deepEqual(Object.keys(figures).sort(), [
    "accuracy_in_scope_joint", "accuracy_in_scope_top1", "ece", "macro_f1", "oos_auroc", "oos_f1", "oos_precision",
    "oos_recall", "per_intent", "rows", "us_p50", "us_p99",
  ]);
  assert.equal(figures.rows, 3);
  assert.equal(figures.accuracy_in_scope_top1, 1);

  writeFileSync(at("in-scope.tsv"), "track\twhere is my parcel\n");
  const known = JSON.parse(wasl(["eval", "--model", at("model"), "--data", at("in-scope.tsv"), "--json"]).stdout);
  assert.equal(known.oos_auroc, null);
  assert.equal(known.oos_recall, null);

  const said = wasl(["predict", "--model", at("model"), "--top", "2"], { input: "متى تفتحون\r\n\nthe football match\n" });
  assert.equal(said.code, 0, said.stderr);
  const lines = said.stdout.trim().split("\n").map((line) => JSON.parse(line));
  assert.equal(lines.length, 3);
  assert.deepEqual(Object.keys(lines[0]).sort(), ["confidence", "intent", "language", "oos_score", "ranking"]);
  assert.equal(lines[0].intent, "hours");
  assert.equal(lines[0].language, "ar");
  assert.equal(lines[0].ranking.length, 2);
  assert.equal(lines[2].intent, null, "out of scope is nobody's");
});

test("the same seed gives the same bytes; --rollback swaps back", { timeout: 120_000 }, () => {
  const manifest = () => readFileSync(at("model/manifest"), "utf8");
  const first = manifest();
  const train = (seed) => assert.equal(
    wasl(["train", "--data", at("train.tsv"), "--model", at("model"), "--seed", seed], { ms: 60_000 }).code, 0);
  train("3");
  assert.equal(manifest(), first);
  train("4");
  assert.notEqual(manifest(), first);
  assert.equal(wasl(["train", "--rollback", "--model", at("model")]).code, 0);
  assert.equal(manifest(), first);
});

test("bad data, bad models and bad usage have their exit codes", () => {
  writeFileSync(at("bad.tsv"), "a x\nb\t\n\xC3(\tz\n", "latin1");
  const bad = wasl(["train", "--data", at("bad.tsv"), "--model", at("other")]);
  assert.equal(bad.code, 3);
  for (const place of [/bad\.tsv:1:4: no tab/, /bad\.tsv:2:3: the text is empty/, /bad\.tsv:3:1: not UTF-8/]) {
    assert.match(bad.stdout, place);
  }
  assert.equal(wasl(["train", "--data", at("train.tsv")]).code, 2);
  assert.equal(wasl(["eval", "--data", at("test.tsv")]).code, 2);
  assert.equal(wasl(["eval", "--model", at("model"), "--data", at("none.tsv")]).code, 3);
  assert.equal(wasl(["predict", "--model", at("nothing")], { input: "x\n" }).code, 4);
  const bytes = readFileSync(at("model/classifier.bin"));
  bytes[bytes.length >> 1] ^= 1;
  writeFileSync(at("model/classifier.bin"), bytes);
  const damaged = wasl(["predict", "--model", at("model")], { input: "x\n" });
  assert.equal(damaged.code, 4);
  assert.match(damaged.stderr, /not the file the manifest describes/);
  rmSync(at("model.previous"), { recursive: true });
  assert.equal(wasl(["train", "--rollback", "--model", at("model")]).code, 4);
});
