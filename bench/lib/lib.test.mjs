// The arithmetic of the runner: what would otherwise be believed unseen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { goals, table } from "./goals.mjs";
import { summary } from "./stacks.mjs";
import { median, spread } from "./stats.mjs";

const row = (median) => ({ measured: { median, low: median, high: median }, note: "n" });
const lineOf = (id, value) =>
  table({ [id]: row(value) }).split("\n")[2 + goals.findIndex((goal) => goal.id === id)];

test("medians of odd and even counts", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.deepEqual(spread([{ x: 5 }, { x: 1 }, { x: 3 }], (each) => each.x), { median: 3, low: 1, high: 5 });
});

test("a verdict follows the bounds, whichever way they point", () => {
  for (const [id, value, verdict] of [
    ["turn-100", 0.25, "aim met"], ["turn-100", 0.15, "must met"], ["turn-100", 0.149, "not met"],
    ["nlp", 0.3, "aim met"], ["nlp", 0.6, "must met"], ["nlp", 0.61, "not met"],
  ]) {
    assert.ok(lineOf(id, value).includes(`| ${verdict} |`), `${id} ${value}: ${lineOf(id, value)}`);
  }
});

test("a run that judges nothing still shows its figures", () => {
  assert.match(table({ nlp: row(0.3) }, goals, false).split("\n")[4], /\| 0\.3 \| – \| n \|$/);
});

test("a figure that was not measured has no verdict", () => {
  assert.match(table({}).split("\n")[2], /\| – \| – \| not in this run \|/);
});

test("a sample belongs to its innermost part, and to the kind of its leaf", () => {
  const stack = (...frames) => frames.map(([symbol, dso]) => `\t    7f00 ${symbol}+0x1 (${dso})`).join("\n");
  const text = [
    stack(["malloc", "/lib/libc.so.6"], ["wasl::bot::to_row(wasl::Event const&)", "/w/wasl"],
      ["wasl::bot::Shard::run", "/w/wasl"]),
    stack(["tcp_sendmsg", "[kernel.kallsyms]"], ["wasl::channels::Wire::flush", "/w/wasl"]),
    stack(["wasl::intents::clean", "/w/wasl"], ["wasl::bot::Shard::run", "/w/wasl"]),
    stack(["wasl::intents::clean", "/w/wasl"], ["wasl::bot::Shard::run", "/w/wasl"]),
  ].join("\n\n");
  const lines = summary(text, 100).split("\n");
  const line = (start) => lines.find((each) => each.startsWith(start)).replace(/ +/g, " ");
  assert.match(lines[0], /^4 samples/);
  assert.equal(line("understand"), "understand 50.0 % 50.0 µs 50.0 0.0 0.0 0.0 0.0");
  assert.equal(line("JSON of events"), "JSON of events and snapshots 25.0 % 25.0 µs 0.0 0.0 25.0 0.0 0.0");
  assert.equal(line("wire"), "wire 25.0 % 25.0 µs 0.0 0.0 0.0 0.0 25.0");
});
