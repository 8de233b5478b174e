// Runs the system and browser tests, one file after another, and counts.
//   node run.mjs [part of a file's name …]
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const kHere = dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2);
const files = ["emulators", "system", "browser"]
  .flatMap((folder) => readdirSync(join(kHere, folder)).sort().map((name) => join(folder, name)))
  .filter((name) => name.endsWith(".test.mjs"))
  .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)));

/** Runs one file; resolves with its counts and, when something failed, all it printed. */
function run(file) {
  return new Promise((done) => {
    const child = spawn(process.execPath, ["--test", "--test-reporter=tap", file], {
      cwd: kHere,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let out = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (out += text));
    const timer = setTimeout(() => child.kill("SIGKILL"), 10 * 60_000);
    child.on("close", (code) => {
      clearTimeout(timer);
      const count = (word) => Number(new RegExp(`^# ${word} (\\d+)$`, "m").exec(out)?.[1] ?? 0);
      const counts = { passed: count("pass"), failed: count("fail") + count("cancelled"), skipped: count("skipped") + count("todo") };
      if (code !== 0 && counts.failed === 0) counts.failed = 1; // it did not even start
      done({ ...counts, out });
    });
  });
}

const total = { passed: 0, failed: 0, skipped: 0 };
for (const file of files) {
  const began = Date.now();
  const result = await run(file);
  for (const word of Object.keys(total)) total[word] += result[word];
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  console.log(`${result.failed ? "FAILED" : "ok    "} ${file} (${result.passed} passed, ${seconds} s)`);
  if (result.failed) console.log(result.out);
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed || total.passed === 0 ? 1 : 0;
