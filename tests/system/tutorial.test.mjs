// docs/flow-language.md is what it says: its files are written, its commands are run, in order, and
// what they print is compared.  A block of code says what it is on its first line:
//   ```yaml intents/hours.yml      a file of the bot, whole
//   ```yaml add intents/hours.yml  lines at the end of one
//   ```console                     commands behind `$ `, each with what it prints
// In what is printed `…` stands for anything on that line, and a line that is `…` for any lines.
import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { spawnSync } from "node:child_process";
import { kRoot, kWasl, tempFolder } from "./harness.mjs";

const kPage = join(kRoot, "docs", "flow-language.md");

/** The blocks of a page in order: `{line, kind, rest, text}`. */
function blocksOf(page) {
  const blocks = [];
  let open = null;
  page.split("\n").forEach((line, at) => {
    const fence = /^```(\S*) ?(.*)$/.exec(line);
    if (!open && fence) open = { line: at + 1, kind: fence[1], rest: fence[2].trim(), lines: [] };
    else if (open && line === "```") {
      blocks.push({ ...open, text: open.lines.map((one) => `${one}\n`).join("") });
      open = null;
    } else if (open) open.lines.push(line);
  });
  assert.equal(open, null, "a block of code is not closed");
  return blocks;
}

/** The commands of a console block: `{command, printed}`. */
function commandsOf(block) {
  const commands = [];
  for (const line of block.lines) {
    if (line.startsWith("$ ")) commands.push({ command: line.slice(2), printed: [] });
    else if (line.startsWith("> ")) commands.at(-1).command += `\n${line.slice(2)}`;
    else commands.at(-1).printed.push(line);
  }
  return commands;
}

const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Whether `lines` read as `wanted` says, with `…` for what may be anything. */
function reads(lines, wanted) {
  const pattern = wanted
    .map((line) => (line === "…" ? "(?:.*\n)*?" : `${line.split("…").map(escape).join(".*")}\n`))
    .join("");
  return new RegExp(`^${pattern}$`).test(lines.map((line) => `${line}\n`).join(""));
}

function run(command, cwd) {
  const shell = `wasl() { "${kWasl}" "$@"; }\n${command}`;
  const ran = spawnSync("bash", ["-c", shell], { cwd, encoding: "utf8", timeout: 180_000, env: { ...process.env, LC_ALL: "C.UTF-8" } });
  if (ran.error) throw ran.error;
  // A space that does not break looks like any other on a page.
  const lines = ran.stdout.replace(/[\u00a0\u202f]/g, " ").replace(/\n$/, "").split("\n");
  return { lines: lines.length === 1 && lines[0] === "" ? [] : lines, stderr: ran.stderr };
}

test("every file and command of the tutorial does what the page says", { timeout: 900_000 }, () => {
  const bot = join(tempFolder(), "sanabel");
  mkdirSync(bot);
  let files = 0;
  let commands = 0;
  for (const block of blocksOf(readFileSync(kPage, "utf8"))) {
    const where = `docs/flow-language.md:${block.line}`;
    const [, add, name] = /^(add )?(\S+)$/.exec(block.rest) ?? [];
    if (name) {
      const file = join(bot, name);
      mkdirSync(dirname(file), { recursive: true });
      if (add) appendFileSync(file, block.text);
      else writeFileSync(file, block.text);
      files += 1;
    } else if (block.kind === "console") {
      for (const { command, printed } of commandsOf(block)) {
        const { lines, stderr } = run(command, bot);
        const about = `${where}: ${command}\nprinted:\n${lines.join("\n")}\n${stderr}\nnot:\n${printed.join("\n")}`;
        assert.ok(reads(lines, printed), about);
        commands += 1;
      }
    } else {
      assert.fail(`${where}: a block of code that no test runs`);
    }
  }
  assert.ok(files >= 10 && commands >= 8, `${files} files, ${commands} commands`);
});
