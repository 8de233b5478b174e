// SIGHUP to a server under load whose bot has 200 flows more than the starter bot: how long until
// it serves the folder as it is now, and how late the slowest turn is meanwhile. Beside it the
// slowest turn at the same rate when nothing is reloaded.
import { cp, rm } from "node:fs/promises";
import path from "node:path";
import { loadWasl, paths } from "../lib/bench.mjs";
import { writeMoreFlows } from "../lib/many_flows.mjs";
import { startServer } from "../lib/process.mjs";
import { median, sleep, spread } from "../lib/stats.mjs";

const kFlows = 200;
const kPatienceMs = 20_000;

/** The milliseconds from SIGHUP to the line of the log that says the folder is loaded. */
async function reloadOnce(server) {
  const start = performance.now();
  const done = server.says("reloaded folder=", kPatienceMs);
  process.kill(server.pid, "SIGHUP");
  await done;
  return performance.now() - start;
}

export async function reload({ quick, log }) {
  const folder = path.join(paths.work, "reload");
  await rm(folder, { recursive: true, force: true });
  await cp(paths.bot, folder, { recursive: true, filter: (from) => from !== path.join(paths.bot, "data") });
  writeMoreFlows(folder, kFlows);
  const options = { connections: 100, rate: 500, ...(quick ? { "warm-up": 0.3, seconds: 0.7 } : { "warm-up": 1, seconds: 6 }) };
  const server = await startServer(paths.wasl, ["serve", "--bot", folder]);
  const rounds = [];
  try {
    for (let round = 0; round < (quick ? 1 : 3); ++round) {
      const calm = await loadWasl(server, options);
      const took = [];
      let reloads = Promise.resolve();
      const busy = await loadWasl(server, options, (line) => {
        if (line !== "steady") return;
        reloads = (async () => {
          for (let i = 0; i < (quick ? 1 : 4); ++i) {
            took.push(await reloadOnce(server));
            await sleep(300);
          }
        })();
      });
      await reloads;
      log(`reload ${took.map(Math.round).join(", ")} ms; slowest turn ${(busy.answer.max_us / 1000).toFixed(1)} ms, ` +
        `without a reload ${(calm.answer.max_us / 1000).toFixed(1)} ms`);
      rounds.push({ took, busy, calm });
    }
  } finally {
    await server.stop();
  }
  const ms = (of) => median(rounds.map(of)) / 1000;
  const p99 = ms((each) => each.busy.answer.p99_us);
  return {
    rounds,
    rows: {
      reload: { measured: spread(rounds.flatMap((each) => each.took), (took) => took), note: "500 turns/s meanwhile" },
      "reload-turn": {
        measured: spread(rounds, ({ busy, calm }) => Math.max(0, busy.answer.max_us - calm.answer.max_us) / 1000),
        note: `slowest ${ms((each) => each.busy.answer.max_us).toFixed(1)} ms (p99 ${p99.toFixed(1)} ms), ` +
          `without ${ms((each) => each.calm.answer.max_us).toFixed(1)} ms`,
      },
    },
  };
}
