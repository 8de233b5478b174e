// What the figures were measured on; the name of the machine is nobody's business.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import os from "node:os";
import { promisify } from "node:util";
import { paths } from "./bench.mjs";

const say = async (command, ...args) =>
  (await promisify(execFile)(command, args, { cwd: paths.root })).stdout.trim();

async function compiler() {
  const cache = await readFile(`${paths.root}/build/release/CMakeCache.txt`, "utf8");
  const program = /^CMAKE_CXX_COMPILER:\w+=(.*)$/m.exec(cache)[1];
  const flags = /^CMAKE_CXX_FLAGS_RELWITHDEBINFO:\w+=(.*)$/m.exec(cache)[1];
  return `${(await say(program, "--version")).split("\n")[0]} ${flags}`;
}

export async function machine() {
  const commit = await say("git", "rev-parse", "--short=10", "HEAD");
  const changed = (await say("git", "status", "--porcelain", "--untracked-files=no")) !== "";
  const about = {
    date: new Date().toISOString().slice(0, 10),
    commit: changed ? `${commit}-changed` : commit,
    cores: os.cpus().length,
    processor: os.cpus()[0].model.trim(),
    kernel: /^[\d.]+/.exec(os.release())[0],
    compiler: await compiler(),
    node: process.version,
    load: os.loadavg()[0],
  };
  const busy = about.load > about.cores / 2 ? " (others were busy: measure again when it is quiet)" : "";
  about.line =
    `${about.cores} cores (${about.processor}), Linux ${about.kernel}, ${about.compiler}, Node.js ${about.node}; ` +
    `commit ${about.commit}; load average at the start ${about.load.toFixed(1)}${busy}`;
  return about;
}
