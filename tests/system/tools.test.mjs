// The tools of a bot's author: graph, test with coverage, validate of a large folder, review.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { after, test } from "node:test";
import { parse } from "yaml";
import { writeManyFlows } from "../../bench/lib/many_flows.mjs";
import { botFolder, cleanUp, kRoot, kWasl, Server, tempFolder, Visitor, wasl, waslAsync } from "./harness.mjs";

const started = [];
after(() => cleanUp([...started].reverse()));

const starter = join(kRoot, "starter");
const flowsOf = (bot) =>
  readdirSync(join(bot, "flows")).flatMap((file) => parse(readFileSync(join(bot, "flows", file), "utf8")).map((flow) => flow.flow));
const graphviz = spawnSync("dot", ["-V"]).status === 0;

// ---- graph

/** What Mermaid needs of a flowchart: a header, then nodes, edges and classes, each on a line, quotes in pairs. */
function checkMermaid(text, about) {
  const lines = text.trimEnd().split("\n");
  assert.match(lines.shift(), /^flowchart (TD|LR)$/, about);
  const nodes = new Set();
  const named = new Set();
  const classes = new Set();
  for (const line of lines) {
    const node = /^ {2}(n\d+)(\(\[|\(\(\(|\(|\{\{|\{|\[\[|\[\(|\[\\|\[)"[^"\n]*"(\]\)|\)\)\)|\)\]|\)|\}\}|\}|\]\]|\/\]|\]):::(kind_\w+)$/.exec(line);
    const edge = /^ {2}(n\d+) (-->|-\.->)(\|"[^"\n]*"\|)? (n\d+)$/.exec(line);
    const look = /^ {2}classDef (kind_\w+) fill:#[0-9a-f]{6},stroke:#444,color:#000$/.exec(line);
    assert.ok(node || edge || look, `${about}: ${line}`);
    if (node) nodes.add(node[1]) && classes.add(node[4]);
    if (edge) named.add(edge[1]) && named.add(edge[4]);
    if (look) classes.delete(look[1]);
  }
  assert.deepEqual([...named].filter((id) => !nodes.has(id)), [], `${about}: every arrow joins two nodes`);
  assert.equal(classes.size, 0, `${about}: every class is defined`);
  return nodes.size;
}

test("graph: every flow of the starter bot as DOT and Mermaid, in both languages", () => {
  for (const flow of [undefined, ...flowsOf(starter)]) {
    for (const language of ["ar", "en"]) {
      const args = ["graph", "--bot", starter, "--language", language, ...(flow ? ["--flow", flow] : [])];
      const about = `${flow ?? "overview"} (${language})`;
      const dot = wasl(args);
      assert.equal(dot.code, 0, dot.stderr);
      const nodes = checkMermaid(wasl([...args, "--format", "mermaid"]).stdout, about);
      assert.ok(nodes >= 2, about);
      if (!graphviz) continue;
      const drawn = spawnSync("dot", ["-Tplain"], { input: dot.stdout, encoding: "utf8" });
      assert.equal(drawn.status, 0, `${about}: ${drawn.stderr}`);
      assert.equal(drawn.stderr, "", about);
      assert.equal(drawn.stdout.match(/^node /gm).length, nodes, `${about}: both have the same nodes`);
    }
  }
});

test("graph: SVG by Graphviz, into a file; without it one sentence and exit 4", (t) => {
  const nobody = tempFolder();
  const without = wasl(["graph", "--bot", starter, "--format", "svg"], { env: { PATH: nobody } });
  assert.equal(without.code, 4);
  assert.equal(without.stdout, "");
  assert.match(without.stderr, /^wasl: Graphviz is needed for SVG.*install graphviz\n$/);
  writeFileSync(join(nobody, "dot"), "#!/bin/sh\nexit 3\n");
  chmodSync(join(nobody, "dot"), 0o755);
  assert.equal(wasl(["graph", "--bot", starter, "--format", "svg"], { env: { PATH: `${nobody}${delimiter}/usr/bin:/bin` } }).code, 4);

  if (!graphviz) return t.skip("Graphviz is not installed");
  const file = join(tempFolder(), "track.svg");
  const run = wasl(["graph", "--bot", starter, "--flow", "track_order", "--language", "ar", "--format", "svg", "--out", file]);
  assert.equal(run.code, 0, run.stderr);
  assert.equal(run.stdout, "");
  const svg = readFileSync(file, "utf8");
  assert.match(svg, /<svg /);
  assert.match(svg, /ask order_number/);
  assert.match(svg, /[\u0600-\u06ff]{3}/);
});

test("graph: what is asked wrongly is told", () => {
  const flow = wasl(["graph", "--bot", starter, "--flow", "track_ordr"]);
  assert.equal(flow.code, 2);
  assert.match(flow.stderr, /unknown flow 'track_ordr' \(did you mean "track_order"\?\)/);
  assert.equal(wasl(["graph", "--bot", starter, "--language", "fr"]).code, 2);
  assert.equal(wasl(["graph", "--bot", starter, "--format", "png"]).code, 2);
  assert.equal(wasl(["graph", "--bot", join(starter, "flows")]).code, 3);
  assert.equal(wasl(["graph", "--bot", starter, "--out", "/nonexistent/x.dot"]).code, 4);
});

// ---- test

test("test: coverage of steps and intents, and failures with expected beside actual", () => {
  const bot = botFolder();
  const plain = wasl(["test", "--bot", bot]);
  assert.equal(plain.code, 0, plain.stdout);
  assert.match(plain.stdout, /\n?\d+ passed, 0 failed\ncovered: \d+ of \d+ steps in \d+ flows \(\d+%\), \d+ of \d+ intents\n$/);

  const table = wasl(["test", "--bot", bot, "--only", "tests/track_order", "--coverage"]);
  assert.match(table.stdout, /^flow +steps\n/);
  assert.match(table.stdout, /\n {2}never reached: flows\/\w+\.yml:\d+: \w+/);
  assert.match(table.stdout, /\nnever understood: intent \w+\n/);
  const { coverage } = JSON.parse(wasl(["test", "--bot", bot, "--json"]).stdout);
  assert.equal(coverage.flows.length, flowsOf(bot).length);
  const unreached = coverage.flows.reduce((sum, flow) => sum + flow.unreached.length, 0);
  assert.equal(coverage.steps - unreached, coverage.steps_reached);
  assert.equal(wasl(["test", "--bot", bot, "--only", "no such test"]).code, 2);

  writeFileSync(
    join(bot, "tests", "wrong.yml"),
    "- test: two things wrong\n  turns:\n    - visitor: where is my order\n      bot: greet.hello\n    - visitor: A-1032\n      bot: greet.hello\n  ends: {state: promised}\n",
  );
  const failed = wasl(["test", "--bot", bot, "--only", "two things"]);
  assert.equal(failed.code, 1);
  for (const told of [
    "tests/wrong.yml:4:12: two things wrong\n    visitor     where is my order\n    understood  track_order ",
    "  ! greet.hello  track_order.ask_order_number \"",
    "tests/wrong.yml:6:12: two things wrong\n    visitor     A-1032\n",
    "tests/wrong.yml:7:17: two things wrong: ends with state queued, expected promised\n",
    "0 passed, 1 failed\n",
  ]) {
    assert.ok(failed.stdout.includes(told), `${told}\nin\n${failed.stdout}`);
  }
  const { failures } = JSON.parse(wasl(["test", "--bot", bot, "--json", "--only", "two things"]).stdout);
  assert.equal(failures.length, 3);
  assert.deepEqual([failures[0].file, failures[0].line, failures[0].visitor], ["tests/wrong.yml", 4, "where is my order"]);
  assert.equal(failures[0].understood.intents[0].intent, "track_order");
  assert.deepEqual(failures[0].expected, [{ answer: "greet.hello", says: "" }]);
  assert.equal(failures[0].actual[0].answer, "track_order.ask_order_number");
});

// ---- validate

test("validate: two hundred flows", () => {
  const bot = tempFolder();
  writeManyFlows(bot, 200);
  const run = wasl(["validate", "--bot", bot]);
  assert.equal(run.code, 0, run.stdout.slice(0, 2000));
  assert.equal(flowsOf(bot).length, 200);
});

// ---- review

const kOdd = ["can you tune my piano", "can you tune my pianos", "هل تصلحون البيانو"];

/** A bot whose store has messages it did not understand; the server still runs. */
async function talkedTo() {
  const bot = botFolder();
  const server = await Server.start(bot);
  started.push(server);
  for (const text of [...kOdd, "my card is 4111 1111 1111 1111 can you tune my piano"]) {
    const visitor = await Visitor.open(server, { locale: "en" });
    await visitor.ask(text);
    visitor.close();
  }
  return { bot, server };
}

test("review: from unanswered messages to examples, with a server running and without", { timeout: 300_000 }, async () => {
  const { bot, server } = await talkedTo();
  const review = async (...args) => waslAsync(["review", "--bot", bot, ...args]);
  const open = JSON.parse((await review("--json")).stdout);
  const pianos = open.groups.find((group) => group.sentences.some((one) => one.text === kOdd[0]));
  assert.ok(pianos, JSON.stringify(open));
  assert.ok(pianos.sentences.some((one) => one.text === kOdd[1]), "alike");
  assert.ok(!JSON.stringify(open).includes("4111 1111"), "card numbers are masked");
  const arabic = open.groups.find((group) => group.sentences.some((one) => one.text === kOdd[2]));
  assert.deepEqual(arabic.languages, ["ar"]);
  assert.match((await review()).stdout, /\d+ unanswered messages in \d+ groups/);
  assert.deepEqual(JSON.parse((await review("--json", "--since", "2999-01-01")).stdout).groups, []);
  assert.equal((await review("--since", "soon")).code, 2);

  const unknown = await review("--add", `product_availabilty=${pianos.id}`);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /did you mean "product_availability"/);
  assert.equal((await review("--add", "product_availability=ffffffff")).code, 1);

  const before = readFileSync(join(bot, "intents", "product_availability.yml"), "utf8");
  const added = await review("--add", `product_availability=${pianos.id}`, "--json");
  assert.equal(added.code, 0, added.stderr);
  const after = readFileSync(join(bot, "intents", "product_availability.yml"), "utf8");
  const kept = after.split("\n").filter((line) => !kOdd.includes(line.trim()) && !/piano/.test(line));
  assert.equal(kept.join("\n"), before, "everything else is as it was");
  assert.equal(wasl(["validate", "--bot", bot]).code, 0);

  await server.stop();
  const later = JSON.parse((await review("--json")).stdout);
  assert.ok(!later.groups.some((group) => group.id === pianos.id), "reviewed messages are not shown again");
  assert.ok(later.groups.some((group) => group.id === arabic.id), "without a server the store is read");
  assert.equal((await review("--out-of-scope", arabic.id)).code, 0);
  assert.match(readFileSync(join(bot, "intents", "out_of_scope.yml"), "utf8"), new RegExp(`\n {6}${kOdd[2]}\n`));
  assert.ok(!/piano|بيانو/.test(readFileSync(join(bot, "data", "wasl.db.reviewed"), "utf8")), "no text is kept");
});

test("review: one key at a terminal", { timeout: 300_000 }, async (t) => {
  if (spawnSync("script", ["--version"]).status !== 0) return t.skip("there is no `script` to make a terminal");
  const { bot, server } = await talkedTo();
  await server.stop();
  const count = JSON.parse(wasl(["review", "--bot", bot, "--json"]).stdout).groups.length;
  assert.ok(count >= 2);
  const keys = "x" + "o" + "s".repeat(count - 1);
  const run = spawnSync("script", ["-qec", `'${kWasl}' review --bot '${bot}'`, "/dev/null"], { input: keys, encoding: "utf8", timeout: 60_000 });
  assert.match(run.stdout, new RegExp(`\\[1/${count}\\]`));
  assert.match(run.stdout, new RegExp(`\\[${count}/${count}\\]`));
  assert.match(run.stdout, /examples of oos in intents\/out_of_scope\.yml/);
  assert.match(run.stdout, /examples added\. Next: wasl train, wasl test/);
  assert.equal(JSON.parse(wasl(["review", "--bot", bot, "--json"]).stdout).groups.length, count - 1);
  const quit = spawnSync("script", ["-qec", `'${kWasl}' review --bot '${bot}'`, "/dev/null"], { input: "q", encoding: "utf8", timeout: 60_000 });
  assert.equal(quit.status, 0);
});

test("review: a bot that nobody has talked to, and a store that is not on disk", () => {
  const bot = botFolder();
  const run = wasl(["review", "--bot", bot]);
  assert.equal(run.code, 0, run.stderr);
  assert.match(run.stdout, /^0 unanswered messages in 0 groups/);
  assert.ok(!existsSync(join(bot, "data", "wasl.db")), "looking makes no store");
  assert.equal(wasl(["review", "--bot", bot, "--store", "memory:"]).code, 2);
});
