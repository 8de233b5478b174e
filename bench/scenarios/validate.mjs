// `wasl validate` of a folder with 200 flows, from exec to exit; beside it yaml-cpp alone, which
// only reads the same files.
import { rm } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import path from "node:path";
import { paths } from "../lib/bench.mjs";
import { writeManyFlows } from "../lib/many_flows.mjs";
import { runToEnd } from "../lib/process.mjs";
import { spread } from "../lib/stats.mjs";

const kFlows = 200;

export async function validate({ quick, log }) {
  const folder = path.join(paths.work, "many");
  await rm(folder, { recursive: true, force: true });
  writeManyFlows(folder, kFlows);
  const rounds = [];
  const count = quick ? 2 : 15;
  for (let round = 0; round < count; ++round) {
    const start = performance.now();
    await runToEnd(paths.wasl, ["validate", "--bot", folder]);
    rounds.push(performance.now() - start);
  }
  const twin = JSON.parse(await runToEnd(paths.tool("bench_yaml"), [folder, String(count)]));
  log(`validate ${rounds.map(Math.round).join(", ")} ms; yaml-cpp alone ${twin.ms.toFixed(1)} ms`);
  return {
    rounds,
    twin,
    rows: {
      validate: {
        measured: spread(rounds, (each) => each),
        note: `yaml-cpp alone reads the same ${twin.files} files in ${twin.ms.toFixed(0)} ms`,
      },
    },
  };
}
