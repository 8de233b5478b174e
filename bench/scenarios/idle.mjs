// Memory of visitors who have said hello and are silent, beside connections of the echo twin.
import { hold, startEcho, startWasl } from "../lib/bench.mjs";
import { memoryOf } from "../lib/process.mjs";
import { sleep, spread, median } from "../lib/stats.mjs";

async function bytesEach(start, protocol, connections) {
  const server = await start();
  try {
    await sleep(500);
    const before = await memoryOf(server.pid);
    const options = { protocol, connections, addresses: 8, hold: 4 };
    const after = await hold(server, options, async () => {
      await sleep(2500);
      return memoryOf(server.pid);
    });
    return (after.anonymous - before.anonymous) / connections;
  } finally {
    await server.stop();
  }
}

export async function idle({ quick, log }) {
  const connections = quick ? 1000 : 15_000;
  const rounds = [];
  for (let round = 0; round < (quick ? 1 : 3); ++round) {
    const bare = await bytesEach(startEcho, "echo", connections);
    const visitor = await bytesEach(startWasl, "chat", connections);
    log(`bare Beast ${Math.round(bare)} bytes, a visitor ${Math.round(visitor)} bytes`);
    rounds.push({ bare, visitor });
  }
  const bytes = (who) => Math.round(median(rounds.map((each) => each[who])));
  return {
    rounds,
    rows: {
      idle: {
        measured: spread(rounds, ({ bare, visitor }) => visitor / bare),
        note: `${connections} of each: ${bytes("visitor")} ÷ ${bytes("bare")} bytes`,
      },
    },
  };
}
