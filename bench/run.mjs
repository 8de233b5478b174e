// The runner behind script/bench: runs the named scenarios one after the other, prints the table of
// goals, and writes it with all raw figures to bench/results/.
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { paths, prepare } from "./lib/bench.mjs";
import { goals, table } from "./lib/goals.mjs";
import { machine } from "./lib/machine.mjs";
import { endAll } from "./lib/process.mjs";
import { understandingRows } from "./lib/understanding_goals.mjs";
import { scenarios } from "./scenarios/all.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    data: { type: "string", default: process.env.WASL_DATA ?? "" },
    only: { type: "string", multiple: true, default: [] },
    minutes: { type: "string", default: "3" },
    help: { type: "boolean", default: false },
  },
});
const known = Object.keys(scenarios);
// `--only A B` means `--only A,B`: rows of understanding are no scenarios.
const isRow = (name) => understandingRows.includes(name);
const rowsNamed = values.only.length > 0 ? positionals.filter(isRow) : [];
const only = [...values.only.flatMap((names) => names.split(",")), ...rowsNamed];
const named = positionals.filter((name) => !rowsNamed.includes(name));
const unknown = [...named.filter((name) => !known.includes(name)), ...only.filter((name) => !isRow(name))];
if (values.help || unknown.length > 0 || !(Number(values.minutes) > 0)) {
  if (unknown.length > 0) console.error(`bench: no scenario or row ${unknown.join(", ")}`);
  console.error(
    "usage: script/bench [--quick] [--minutes N] [SCENARIO...]\n" +
      "       script/bench understanding [--data DIR] [--only ROW...]\n" +
      `scenarios: ${known.join(" ")}\nrows: ${understandingRows.join(" ")}`,
  );
  process.exit(values.help ? 0 : 2);
}
const { quick } = values;
const data = values.data && path.resolve(process.env.INIT_CWD ?? ".", values.data);
const chosen = named.length > 0 ? named : known.filter((name) => scenarios[name].always || (quick && scenarios[name].quick));
const log = (line) => console.error(`bench: ${line}`);

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, async () => {
    await endAll();
    process.exit(1);
  });
}

/** The messages of the load; what trains the bot that is measured. */
async function prepared() {
  const mix = await prepare(log);
  log(`${mix.examples} examples, ${mix.text_bytes.toFixed(0)} bytes a message, ` +
    `${(100 * mix.understood).toFixed(1)} % understood`);
  return mix;
}

async function main() {
  const mix = chosen.every((name) => scenarios[name].alone) ? undefined : await prepared();
  const about = await machine();
  const rows = {};
  const raw = {};
  const tables = [];
  for (const name of chosen) {
    log(name);
    const result = await scenarios[name].run({ quick, minutes: Number(values.minutes), data, only, log });
    if (result.goals) {
      if (result.goals.some((goal) => result.rows[goal.id])) tables.push(table(result.rows, result.goals, !quick));
    } else {
      Object.assign(rows, result.rows);
    }
    for (const failed of result.failed ?? []) {
      console.error(`bench: ${failed}`);
      process.exitCode = 1;
    }
    raw[name] = result;
  }
  if (goals.some((goal) => rows[goal.id])) tables.unshift(table(rows, goals, !quick));
  if (tables.length === 0) return;
  const text = [
    `${about.line}${quick ? "; quick run: shows that everything works, its figures mean little, so nothing is judged" : ""}`,
    ...tables,
  ].join("\n\n");
  console.log(text);
  if (quick) return;
  const alone = chosen.length === 1 && scenarios[chosen[0]].alone ? `-${chosen[0]}` : "";
  const file = path.join(paths.results, `${about.date}-${about.commit}${alone}`);
  await mkdir(paths.results, { recursive: true });
  await writeFile(`${file}.md`, `# ${about.date}, commit ${about.commit}\n\n${text}\n`);
  await writeFile(`${file}.json`, `${JSON.stringify({ about, mix, rows, raw }, null, 1)}\n`);
  log(`written: ${path.relative(paths.root, file)}.md and .json`);
}

try {
  await main();
} catch (failed) {
  console.error(`bench: ${failed.message}`);
  process.exitCode = 1;
} finally {
  await endAll();
}
