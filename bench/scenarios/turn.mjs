// CPU of a durable turn beside CPU of an echo of the same frames, in turns, at N connections; and
// how many decisions the store writes with one fsync while it is busy.
import { load, loadWasl, startEcho, startWasl } from "../lib/bench.mjs";
import { median, spread } from "../lib/stats.mjs";

export function turn(connections) {
  return async ({ quick, log }) => {
    const timing = quick ? { "warm-up": 0.3, seconds: 0.7 } : { "warm-up": 2, seconds: 5 };
    const [wasl, echo] = [await startWasl(), await startEcho()];
    const rounds = [];
    try {
      for (let round = 0; round < (quick ? 1 : 3); ++round) {
        const wire = await load(echo, { protocol: "echo", connections, ...timing });
        const turn = await loadWasl(wasl, { connections, ...timing });
        log(`echo ${wire.cpu_us.toFixed(2)} µs, turn ${turn.cpu_us.toFixed(1)} µs CPU per message, ` +
          `${Math.round(turn.messages_per_s)} turns/s, ${turn.left} conversations left the bot`);
        rounds.push({ wire, turn });
      }
    } finally {
      await Promise.all([wasl.stop(), echo.stop()]);
    }
    const ratio = spread(rounds, ({ wire, turn }) => wire.cpu_us / turn.cpu_us);
    const figures = {
      echo_cpu_us: median(rounds.map((each) => each.wire.cpu_us)),
      turn_cpu_us: median(rounds.map((each) => each.turn.cpu_us)),
      turns_per_s: median(rounds.map((each) => each.turn.messages_per_s)),
    };
    const rows = spread(rounds, ({ turn }) => turn.decisions / Math.max(turn.transactions, 1));
    return {
      rounds,
      figures,
      rows: {
        [`turn-${connections}`]: {
          measured: ratio,
          note: `echo ${figures.echo_cpu_us.toFixed(2)} µs, turn ${figures.turn_cpu_us.toFixed(1)} µs CPU`,
        },
        [`fsync-${connections}`]: {
          measured: rows,
          note: `${Math.round(figures.turns_per_s)} turns/s; decisions a transaction`,
        },
      },
    };
  };
}
