// CPU of a durable turn beside a turn on Node.js that keeps nothing: ws and nlp.js, both given the
// same English messages. Wasl keeps the starter bot as it is, Arabic included.
import { load, loadWasl, startNlp, startWasl } from "../lib/bench.mjs";
import { median, spread } from "../lib/stats.mjs";

export async function nlp({ quick, log }) {
  const timing = quick ? { "warm-up": 0.3, seconds: 0.7 } : { "warm-up": 2, seconds: 5 };
  const options = { connections: 100, language: "en", ...timing };
  const [wasl, node] = [await startWasl(), await startNlp()];
  const rounds = [];
  try {
    for (let round = 0; round < (quick ? 1 : 3); ++round) {
      const theirs = await load(node, { protocol: "echo", ...options });
      const ours = await loadWasl(wasl, options);
      log(`ws + nlp.js ${theirs.cpu_us.toFixed(1)} µs, turn ${ours.cpu_us.toFixed(1)} µs CPU per message`);
      rounds.push({ ours, theirs });
    }
  } finally {
    await Promise.all([wasl.stop(), node.stop()]);
  }
  const [ours, theirs] = ["ours", "theirs"].map((who) => median(rounds.map((each) => each[who].cpu_us)));
  return {
    rounds,
    rows: {
      nlp: {
        measured: spread(rounds, (each) => each.ours.cpu_us / each.theirs.cpu_us),
        note: `turn ${ours.toFixed(1)} µs, ws + nlp.js ${theirs.toFixed(1)} µs CPU`,
      },
    },
  };
}
