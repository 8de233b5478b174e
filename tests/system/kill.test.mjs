// kill -9 under load, again and again, at random moments: what was acknowledged exists exactly once,
// in order, under the number that was acknowledged; what was not is taken exactly once when it is
// sent again.  Kills between two named steps: kill_points.test.mjs.
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { after, test } from "node:test";
import { botFolder, cleanUp, Server } from "./harness.mjs";
import { kUnlimited, Story } from "./story.mjs";

const kKills = Number(process.env.WASL_KILLS ?? 40);
const kVisitors = 3;
const kOpenMin = 10; // a kill counts when so many messages were unacknowledged
const kKillsPerStory = 5; // then other visitors come: conversations stay of a usual length

let server;
const bot = botFolder({ "wasl.yml": kUnlimited });
after(() => cleanUp(server));

test(`${kKills} kills, each with ${kOpenMin} messages in flight, lose and double nothing`, { timeout: 590_000 }, async (t) => {
  server = await Server.start(bot);
  const told = []; // all stories
  let stories = []; // of those who are here
  let kills = 0;
  let tries = 0;
  let slowest = 0;
  let leastOpen = Infinity;
  for (; kills < kKills && tries < 2 * kKills; ++tries) {
    if (tries % kKillsPerStory === 0) {
      stories = await Promise.all(Array.from({ length: kVisitors }, () => Story.begin(server)));
      told.push(...stories);
    }
    const lines = await Promise.all(stories.map((story) => story.whole(server)));
    for (const [i, line] of lines.entries()) stories[i].check(line.messages);
    const end = Date.now() + randomInt(5, 61);
    await Promise.all(lines.map((line, i) => stories[i].pour(line, () => Date.now() < end)));
    for (const [i, line] of lines.entries()) stories[i].fill(line);
    await server.kill();
    await Promise.all(lines.map((line) => line.closed)); // acks that had left have arrived
    const open = stories.reduce((sum, { unacknowledged }) => sum + unacknowledged.length, 0);
    if (open >= kOpenMin) {
      ++kills;
      leastOpen = Math.min(leastOpen, open);
    }
    const began = Date.now();
    server = await Server.start(bot);
    slowest = Math.max(slowest, Date.now() - began);
  }
  let stored = 0;
  for (const story of told) stored += await story.finish(server);
  t.diagnostic(`${stored} messages, ${kills} kills in ${tries} tries, at least ${leastOpen} in flight, slowest start ${slowest} ms`);
  assert.equal(kills, kKills, "enough kills hit messages in flight");
  assert.ok(stored > kKills, "something was stored between the kills");
});
