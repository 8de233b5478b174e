// The runner behind script/bench: runs the named scenarios one after the other, prints the table of
// goals, and writes it with all raw figures to bench/results/.
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { paths, prepare } from "./lib/bench.mjs";
import { goals, table } from "./lib/goals.mjs";
import { machine } from "./lib/machine.mjs";
import { endAll } from "./lib/process.mjs";
import { scenarios } from "./scenarios/all.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    minutes: { type: "string", default: "3" },
    help: { type: "boolean", default: false },
  },
});
const known = Object.keys(scenarios);
const unknown = positionals.filter((name) => !known.includes(name));
if (values.help || unknown.length > 0 || !(Number(values.minutes) > 0)) {
  if (unknown.length > 0) console.error(`bench: no scenario ${unknown.join(", ")}`);
  console.error(`usage: script/bench [--quick] [--minutes N] [SCENARIO...]\nscenarios: ${known.join(" ")}`);
  process.exit(values.help ? 0 : 2);
}
const { quick } = values;
const chosen = positionals.length > 0 ? positionals : known.filter((name) => scenarios[name].always);
const log = (line) => console.error(`bench: ${line}`);

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, async () => {
    await endAll();
    process.exit(1);
  });
}

async function main() {
  const mix = await prepare(log);
  log(`${mix.examples} examples, ${mix.text_bytes.toFixed(0)} bytes a message, ` +
    `${(100 * mix.understood).toFixed(1)} % understood`);
  const about = await machine();
  const rows = {};
  const raw = {};
  for (const name of chosen) {
    log(name);
    const result = await scenarios[name].run({ quick, minutes: Number(values.minutes), log });
    Object.assign(rows, result.rows);
    raw[name] = result;
  }
  const measured = goals.filter((goal) => rows[goal.id]).length;
  if (measured === 0) return;
  const text = [
    `${about.line}${quick ? "; quick run: shows that everything works, its figures mean little" : ""}`,
    "",
    table(rows),
  ].join("\n");
  console.log(text);
  if (quick) return;
  const file = path.join(paths.results, `${about.date}-${about.commit}`);
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
