// What a durable turn adds to the time of an echo at 5,000 messages a second, in units of what the
// disk alone needs to make four kilobytes durable. All three in each round.
import { load, loadWasl, probeDisk, startEcho, startWasl } from "../lib/bench.mjs";
import { median, spread } from "../lib/stats.mjs";

export async function latency({ quick, log }) {
  const rate = quick ? 500 : 5000;
  const timing = quick ? { "warm-up": 0.3, seconds: 0.7 } : { "warm-up": 2, seconds: 5 };
  const options = { connections: 200, rate, ...timing };
  const [wasl, echo] = [await startWasl(), await startEcho()];
  const rounds = [];
  try {
    for (let round = 0; round < (quick ? 1 : 3); ++round) {
      const disk = await probeDisk(quick ? 0.3 : 2);
      const wire = await load(echo, { protocol: "echo", ...options });
      const turn = await loadWasl(wasl, options);
      log(`fdatasync ${Math.round(disk.p50_us)} µs, echo ${Math.round(wire.answer.p50_us)} µs, turn ` +
        `${Math.round(turn.answer.p50_us)} µs (p99 ${Math.round(turn.answer.p99_us)} µs) at ${Math.round(turn.messages_per_s)}/s`);
      rounds.push({ disk, wire, turn });
    }
  } finally {
    await Promise.all([wasl.stop(), echo.stop()]);
  }
  const p50 = (of) => Math.round(median(rounds.map(of)));
  const served = median(rounds.map((each) => each.turn.messages_per_s));
  const behind = served < 0.97 * rate ? `; did not keep up: ${Math.round(served)} of ${rate} turns/s` : "";
  return {
    rounds,
    rows: {
      latency: {
        measured: spread(rounds, ({ disk, wire, turn }) => (turn.answer.p50_us - wire.answer.p50_us) / disk.p50_us),
        note: `p50: fdatasync ${p50((r) => r.disk.p50_us)} µs, echo ${p50((r) => r.wire.answer.p50_us)} µs, ` +
          `turn ${p50((r) => r.turn.answer.p50_us)} µs (p99 ${p50((r) => r.turn.answer.p99_us)} µs)${behind}`,
      },
    },
  };
}
