// What the figures of understanding rest on besides the program: rows, splits, scores, typos, goals.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { table } from "./goals.mjs";
import { isArabicScript, readRows, score, splitByIndex } from "./labelled.mjs";
import { randomFrom, withTypos } from "./typos.mjs";
import { understandingGoals, understandingRows } from "./understanding_goals.mjs";

test("rows are read from several files; a line without a label is told with its place", async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), "wasl-rows-"));
  try {
    const [a, b, bad] = ["a.tsv", "b.tsv", "bad.tsv"].map((name) => path.join(folder, name));
    await writeFile(a, "\ufeffpay\thow\tmuch\r\n\noos\tسلام\n");
    await writeFile(b, "pay\tcash");
    await writeFile(bad, "pay\tcash\njust words\n");
    assert.deepEqual(await readRows(a, b), [
      { label: "pay", text: "how\tmuch" }, { label: "oos", text: "سلام" }, { label: "pay", text: "cash" },
    ]);
    await assert.rejects(readRows(bad), /bad\.tsv:2: no label/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a split by index takes every row once", () => {
  const rows = [...Array(23).keys()];
  const { train, test: kept } = splitByIndex(rows, 5, 4);
  assert.deepEqual(kept, [4, 9, 14, 19]);
  assert.deepEqual([...train, ...kept].sort((a, b) => a - b), rows);
});

test("the script of a text is that of most of its letters", () => {
  for (const [text, arabic] of [["وين طلبي", true], ["where", false], ["ابي refund", false], ["طلبي order", false], ["طلبي pls", true], ["123", false]]) {
    assert.equal(isArabicScript(text), arabic, text);
  }
});

test("a score counts the best guess, refusals, and what was found out of scope", () => {
  const said = (intent, refused = false) => ({ intents: intent ? [{ intent }] : [], out_of_scope: refused });
  const rows = ["a", "a", "b", "b", "oos", "oos"].map((label) => ({ label, text: "" }));
  const found = score(rows, [said("a"), said("a", true), said("a"), said(), said("a", true), said("b")]);
  assert.deepEqual(found, { rows: 4, top1: 50, joint: 25, oosRows: 2, oosFound: 50 });
  assert.throws(() => score(rows, []), /6 rows, 0 answers/);
});

test("typos: the same for a seed, of the letter's script, at most two slips away", () => {
  const texts = ["where is my order A-1032", "وين طلبي يا أخوي ١٢", "ok", "لا", "?", "123", ""];
  const all = (seed) => {
    const random = randomFrom(seed);
    return texts.map((text) => withTypos(text, 2, random));
  };
  assert.deepEqual(all(1), all(1));
  assert.notDeepEqual(all(1), all(2));
  const random = randomFrom(7);
  for (let round = 0; round < 500; ++round) {
    for (const text of texts) {
      const slipped = withTypos(text, 2, random);
      assert.ok(Math.abs([...slipped].length - [...text].length) <= 2, `${text} → ${slipped}`);
      assert.equal(slipped.replace(/\p{L}/gu, ""), text.replace(/\p{L}/gu, ""), "only letters change");
      const scripts = (of) => [/\p{Script=Arabic}/u, /[a-z]/iu].map((script) => script.test(of.replace(/[^\p{L}]/gu, "")));
      assert.deepEqual(scripts(slipped), scripts(text), `${text} → ${slipped}`);
    }
  }
  const changed = texts.slice(0, 4).filter((text, i) => all(1)[i] !== text);
  assert.ok(changed.length >= 3, String(changed));
});

test("every figure has a name of its own, an aim beyond its must, and a row to ask for", () => {
  const ids = understandingGoals.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  for (const { id, kind, must, aim, row } of understandingGoals) {
    assert.ok(kind === "least" ? aim > must : aim < must, id);
    assert.ok(understandingRows.includes(row), id);
  }
});

test("the table shows the baselines beside what was measured, and beside what was not", () => {
  const lines = table({ banking: { measured: { median: 91.4, low: 91.4, high: 91.4 }, note: "n" } }, understandingGoals).split("\n");
  assert.equal(lines.length, understandingGoals.length + 2);
  assert.match(lines.find((line) => line.startsWith("| BANKING77")), /\| ≥ 91\.4 % \| ≥ 92\.5 % \| 91\.4 % \| must met \| .*SVM 91.*; n \|$/);
  assert.match(lines.find((line) => line.startsWith("| ArBanking77, Saudi")), /\| – \| – \| not in this run; .*76\.6 \|$/);
});
