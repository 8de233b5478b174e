// From exec to the line that says where the server listens, with a trained bot and a store from
// before; and the memory of the server when nobody is there.
import { startWasl } from "../lib/bench.mjs";
import { memoryOf } from "../lib/process.mjs";
import { sleep, spread } from "../lib/stats.mjs";

export async function start({ quick, log }) {
  const rounds = [];
  const count = quick ? 2 : 10;
  for (let round = 0; round < count; ++round) {
    const server = await startWasl({ keepStore: round > 0 });
    await sleep(round < 3 ? 700 : 100);
    const memory = round < 3 ? await memoryOf(server.pid) : undefined;
    await server.stop();
    rounds.push({ readyMs: server.readyMs, memory });
  }
  const withMemory = rounds.filter((each) => each.memory);
  const anonymous = spread(withMemory, (each) => each.memory.anonymous / 1e6);
  log(`ready after ${rounds.map((each) => Math.round(each.readyMs)).join(", ")} ms`);
  return {
    rounds,
    rows: {
      start: { measured: spread(rounds, (each) => each.readyMs), note: `median of ${count}` },
      rss: {
        measured: spread(withMemory, (each) => each.memory.rss / 1e6),
        note: `of these ${anonymous.median.toFixed(1)} MB not shared with files`,
      },
    },
  };
}
