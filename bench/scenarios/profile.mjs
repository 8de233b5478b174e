// Where the CPU of a turn goes: perf on the server while 100 connections keep it busy. Where perf
// is not allowed, callgrind counts instructions under a small load instead.
import { execFile } from "node:child_process";
import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { load, paths, startWasl } from "../lib/bench.mjs";
import { runToEnd, startServer } from "../lib/process.mjs";
import { summary } from "../lib/stacks.mjs";

const data = path.join(paths.work, "perf.data");

async function withPerf(seconds, log) {
  const server = await startWasl();
  try {
    let recorded;
    const result = await load(server, { protocol: "chat", connections: 100, "warm-up": 2, seconds: seconds + 1 }, (line) => {
      if (line !== "steady") return;
      recorded = runToEnd("perf", ["record", "-q", "-F", "499", "--call-graph", "dwarf,16384", "-p", String(server.pid),
        "-o", data, "--", "sleep", String(seconds)]).then(() => true, (failed) => failed);
    });
    const outcome = await recorded;
    if (outcome !== true) {
      log(`perf does not work here: ${outcome.message.split("\n")[0]}`);
      return undefined;
    }
    const stacks = await runToEnd("perf", ["script", "-i", data, "--no-inline", "-F", "ip,sym,symoff,dso"]);
    return summary(stacks, result.cpu_us);
  } finally {
    await server.stop();
  }
}

async function withCallgrind() {
  await rm(path.join(paths.bot, "data"), { recursive: true, force: true });
  const counts = path.join(paths.work, "callgrind.out");
  const server = await startServer("valgrind", ["--tool=callgrind", "--instr-atstart=no",
    `--callgrind-out-file=${counts}`, paths.wasl, "serve", "--bot", paths.bot]);
  try {
    await load(server, { protocol: "chat", connections: 10, "warm-up": 1, seconds: 20 }, (line) => {
      if (line === "steady") execFile("callgrind_control", ["--instr=on", String(server.pid)], () => {});
    });
  } finally {
    await server.stop();
  }
  const text = await runToEnd("callgrind_annotate", ["--inclusive=no", counts]);
  return text.split("\n").slice(0, 70).join("\n");
}

export async function profile({ quick, log }) {
  const text = (await withPerf(quick ? 1 : 10, log)) ?? (await withCallgrind());
  for (const old of await readdir(paths.work)) {
    if (old.startsWith("perf.data") || old.startsWith("callgrind.out")) await rm(path.join(paths.work, old));
  }
  console.log(text);
  return { rows: {} };
}
