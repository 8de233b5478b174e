// A kill between any two steps of a turn: the program ends itself at each named place
// (include/wasl/core/kill_point.hpp) while a whole desk is at work.
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { BusyDesk } from "./busy_desk.mjs";
import { kRoot, sleep, wasl, within } from "./harness.mjs";

const kRounds = Number(process.env.WASL_KILL_ROUNDS ?? (Number(process.env.WASL_KILLS ?? 0) >= 200 ? 4 : 1));
const kOpenMin = 10;
const kPassMs = 20_000; // by then the place was passed
const header = readFileSync(join(kRoot, "include/wasl/core/kill_point.hpp"), "utf8");
const points = [...header.matchAll(/^ +"([\w.]+)", +\/\//gm)].map(([, name]) => name);
const built = wasl(["--version"], { env: { WASL_KILL_AT: "no-such-point" } }).code === 2;

// Every message of a customer passes these; the others are passed rarely, or at the end.
const kOften = /^(commit|store|publish|turn\.(?!loaded))/;
const kAtStart = /^start/;
const kAtEnd = /^(drain|stop|checkpoint|slots)/;

let desk;
before(async () => {
  if (built) desk = await BusyDesk.open();
});
after(() => desk?.close());

test("the table of kill points is read whole", () => {
  const [, size] = /string_view, (\d+)> kKillPoints/.exec(header);
  assert.equal(points.length, Number(size));
  assert.equal(new Set(points).size, points.length);
});

/** Starts the server so that it dies at `point`, works until it does; how much was in flight. */
async function dieAt(point, pass) {
  await desk.server.kill();
  const env = { WASL_KILL_AT: `${point}:${pass}` };
  if (kAtStart.test(point)) {
    await assert.rejects(desk.start(env), /ended with SIGKILL/);
    return 0;
  }
  await desk.start(env);
  const loaded = desk.load(() => true);
  if (kAtEnd.test(point)) {
    await sleep(300);
    desk.server.process.kill("SIGTERM");
  }
  const { signal } = await within(desk.server.ended, () => `${point} to be passed ${pass} times; ${desk.server.log.slice(-500)}`, kPassMs);
  assert.equal(signal, "SIGKILL");
  await loaded;
  return desk.inFlight;
}

for (const [i, point] of points.entries()) {
  test(`killed at ${point}`, { skip: !built && "built without WASL_KILL_POINTS", timeout: 60_000 }, async (t) => {
    if (desk.server.over) await desk.start(); // an earlier test failed
    for (let round = 0; round < kRounds; ++round) {
      if ((i * kRounds + round) % 4 === 0) await desk.newStories();
      const pass = kOften.test(point) ? randomInt(5, 30) : 1;
      const open = await dieAt(point, pass);
      if (kOften.test(point)) assert.ok(open >= kOpenMin, `${open} in flight`);
      await desk.start();
      await desk.check();
      t.diagnostic(`pass ${pass}, ${open} in flight`);
    }
  });
}

test("after all kills: nobody is stuck, every message had one effect", { skip: !built, timeout: 120_000 }, async (t) => {
  // On a busy machine the server dies before much was said: then once more, without a kill.
  if (desk.says.length <= points.length) await desk.load(() => desk.says.length <= points.length);
  const counts = await desk.finish();
  t.diagnostic(JSON.stringify(counts));
  assert.ok(counts.says > points.length && counts.chats >= 20);
});
