// Memory over a longer run at half of what the server can do. The first third is warm-up; of the
// rest the median of the first third is compared with that of the last. A short soak says little
// about an hour: the drift is what it would be if it went on like that.
import { load, loadWasl, startWasl } from "../lib/bench.mjs";
import { memoryOf } from "../lib/process.mjs";
import { median } from "../lib/stats.mjs";

export async function soak({ quick, minutes, log }) {
  if (quick) {
    log("the soak takes minutes: left out of the quick run");
    return { rows: {} };
  }
  const server = await startWasl();
  const samples = [];
  let timer;
  let rate;
  try {
    const full = await loadWasl(server, { connections: 100, "warm-up": 2, seconds: 5 });
    rate = Math.round(full.messages_per_s / 2);
    log(`${rate} turns/s for ${minutes} minutes`);
    const begin = Date.now();
    timer = setInterval(async () => {
      const memory = await memoryOf(server.pid).catch(() => undefined);
      if (memory) samples.push({ s: (Date.now() - begin) / 1000, ...memory });
    }, 1000);
    await load(server, { protocol: "chat", connections: 100, rate, "warm-up": 1, seconds: 60 * minutes });
  } finally {
    clearInterval(timer);
    await server.stop();
  }
  const steady = samples.slice(Math.floor(samples.length / 3));
  const third = Math.floor(steady.length / 3);
  const middle = (list, of) => median(list.map(of));
  const [early, late] = [steady.slice(0, third), steady.slice(-third)];
  const hours = (middle(late, (m) => m.s) - middle(early, (m) => m.s)) / 3600;
  const [from, to] = [middle(early, (m) => m.rss), middle(late, (m) => m.rss)];
  const drift = (100 * (to / from - 1)) / hours;
  return {
    samples,
    rows: {
      soak: {
        measured: { median: drift, low: drift, high: drift },
        note: `${minutes} min at ${rate} turns/s: ${(from / 1e6).toFixed(1)} to ${(to / 1e6).toFixed(1)} MB; extrapolated`,
      },
    },
  };
}
