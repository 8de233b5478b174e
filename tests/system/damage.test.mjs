// A store that somebody else holds, and one that rots: waits have an end, damage is refused or told
// by an alarm, and what is served is what was stored.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { closeSync, copyFileSync, mkdirSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { addAgents, botFolder, cleanUp, kPassword, Server, signIn, until, Visitor, within } from "./harness.mjs";
import { kUnlimited, Story } from "./story.mjs";

const kFlips = Number(process.env.WASL_FLIPS ?? 16);
const kSeed = 20261121;
const started = [];
after(() => cleanUp([...started].reverse()));
const storeOf = (bot) => join(bot, "data", "wasl.db");
const noSqlite = spawnSync("sqlite3", ["--version"]).error ? "the sqlite3 program is not installed" : false;

async function serve(bot) {
  const server = await Server.start(bot);
  started.push(server);
  return server;
}

/** Another program that takes the database's lock; `release()` gives it back. */
async function hold(file) {
  const other = spawn("sqlite3", ["-batch", file], { stdio: ["pipe", "pipe", "pipe"] });
  const ended = new Promise((done) => other.on("exit", done));
  let out = "";
  for (const stream of [other.stdout, other.stderr]) stream.setEncoding("utf8").on("data", (text) => (out += text));
  other.stdin.write("PRAGMA busy_timeout = 10000;\nBEGIN IMMEDIATE;\nSELECT 'held';\n");
  await until(() => out.includes("held"), `the lock is taken: ${out}`);
  return {
    release: async () => {
      other.stdin.end("ROLLBACK;\n.quit\n");
      await within(ended, () => "the other program to end");
    },
  };
}

test("another program holds the lock: refused after a bounded wait, read on, taken again by itself", { skip: noSqlite, timeout: 90_000 }, async () => {
  const bot = botFolder({ "wasl.yml": kUnlimited });
  const server = await serve(bot);
  const story = await Story.begin(server);
  const line = await story.open(server);
  started.push(line);
  for (let i = 0; i < 5; ++i) await story.say(line);

  const other = await hold(storeOf(bot));
  assert.equal(await story.say(line), false, "not acknowledged");
  assert.deepEqual(story.refused.map(({ code, retry_after_ms: wait }) => [code, wait > 0]), [["unavailable", true]]);
  assert.equal((await server.get("/health/ready")).status, 503);
  assert.match(server.log, /locked/);
  const whole = await story.whole(server); // reading goes on
  story.check(whole.messages);
  await whole.close();
  await other.release();
  await until(async () => (await server.get("/health/ready")).status === 200, "ready again");
  await story.finish(server);
});

test("locked when it starts: it says so or waits, and serves once it is free", { skip: noSqlite, timeout: 90_000 }, async () => {
  const bot = botFolder({ "wasl.yml": kUnlimited });
  let server = await serve(bot);
  const story = await Story.begin(server);
  const line = await story.open(server);
  await story.say(line);
  await server.kill();
  const other = await hold(storeOf(bot));
  server = await serve(bot).catch((refused) => {
    assert.match(refused.message, /ended with 4: .*wasl: [^\n]*locked/s);
  });
  if (server) await assert.rejects(Visitor.open(server, { locale: "en" }).then((one) => one.say("hello")));
  await other.release();
  server ??= await serve(bot);
  await until(async () => (await server.get("/health/ready")).status === 200, "ready");
  await story.finish(server);
});

/** A stored shop: two conversations and an account, the server stopped. */
async function used() {
  const bot = botFolder({ "wasl.yml": kUnlimited });
  const server = await serve(bot);
  await addAgents(bot, { email: "sami@shop.example", name: "Sami" });
  const visitors = [];
  for (let i = 0; i < 2; ++i) {
    const one = await Visitor.open(server, { locale: "en" });
    for (let n = 0; n < 20; ++n) await one.say(`where is parcel ${i}${n} marker`);
    visitors.push({ token: one.token, transcript: await one.transcript(server) });
    await one.close();
  }
  assert.equal((await server.stop()).code, 0);
  return { bot, visitors };
}
const words = (transcript) => transcript.map(({ seq, from, text, answer, client_id }) => [seq, from, text, answer, client_id]);

/** Numbers that are the same in every run. */
function numbers(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** How a server treats a store: "refused", "alarm" or "same"; throws when it served something else. */
async function judge(bot, visitors) {
  let server;
  try {
    server = await Server.start(bot);
  } catch (refused) {
    assert.match(refused.message, /ended with 4: (.*\n)*wasl: [^\n]*(damaged|not a database|malformed|does not work)/i);
    return "refused";
  }
  try {
    const seen = [];
    for (const { token, transcript } of visitors) {
      const line = await Visitor.open(server, { visitor_token: token, last_seq: 0 }).catch((error) => error);
      if (line instanceof Error) {
        seen.push(line.message);
        continue;
      }
      const last = transcript.at(-1).seq;
      await until(() => line.over || line.messages.some(({ seq }) => seq >= last), "the transcript", 2000).catch(() => {});
      const told = words(line.messages);
      // What is told may end early, but all of it is true.
      assert.deepEqual(told, words(transcript).slice(0, told.length), "served something that was never said");
      if (told.length < transcript.length) seen.push(`${told.length} of ${transcript.length}`);
      await line.close();
    }
    const status = (await signIn(server, "sami@shop.example", kPassword)).status;
    if (status !== 200) seen.push(`sign-in ${status}`);
    const alarm = (await server.get("/health/ready")).status === 503 && /damage|corrupt|malformed/i.test(server.log);
    assert.ok(alarm || seen.length === 0, `silent: ${seen}; the log: ${server.log.slice(-500)}`);
    if (!alarm) return "same";
    // Read-only from now on.
    const late = await Visitor.open(server, { visitor_token: visitors[0].token }).catch(() => undefined);
    if (late) await assert.rejects(late.say("hello"), "nothing is written after an alarm");
    return "alarm";
  } finally {
    await server.kill();
  }
}

test(`${kFlips} single bits flipped: refused, told by an alarm, or harmless; never served`, { timeout: 580_000 }, async (t) => {
  const { bot, visitors } = await used();
  const good = join(dirname(bot), "good.db");
  copyFileSync(storeOf(bot), good);
  assert.equal(await judge(bot, visitors), "same", "an undamaged copy is served");
  const below = numbers(kSeed);
  const size = readFileSync(good).length;
  const counts = { refused: 0, alarm: 0, same: 0 };
  for (let i = 0; i < kFlips; ++i) {
    for (const suffix of ["-wal", "-shm"]) spawnSync("rm", ["-f", storeOf(bot) + suffix]);
    copyFileSync(good, storeOf(bot));
    const at = below(size);
    const bit = below(8);
    flip(storeOf(bot), at, 1 << bit);
    const how = await judge(bot, visitors).catch((error) => {
      throw new Error(`bit ${bit} of byte ${at} of ${size} (flip ${i}): ${error.message}`);
    });
    ++counts[how];
  }
  t.diagnostic(JSON.stringify(counts));
  assert.ok(counts.refused + counts.alarm > 0, "some flips were found");
});

function flip(file, at, mask) {
  const descriptor = openSync(file, "r+");
  const byte = Buffer.alloc(1);
  readSync(descriptor, byte, 0, 1, at);
  byte[0] ^= mask;
  writeSync(descriptor, byte, 0, 1, at);
  closeSync(descriptor);
}

test("a row that rots under a running server: an alarm when it is read, and nothing written after", { timeout: 60_000 }, async () => {
  const { bot, visitors } = await used();
  mkdirSync(dirname(storeOf(bot)), { recursive: true });
  const server = await serve(bot);
  assert.equal((await server.get("/health/ready")).status, 200);
  const at = readFileSync(storeOf(bot)).indexOf("where is parcel 07 marker");
  assert.ok(at > 0);
  flip(storeOf(bot), at + 2, 1); // "whdre": still good JSON, still a good page
  const line = await Visitor.open(server, { visitor_token: visitors[0].token, last_seq: 0 });
  const { code } = await within(line.closed, () => "the reader to be sent away");
  assert.equal(code, 1013);
  assert.ok(!line.messages.some(({ text }) => text.includes("whdre")));
  await until(async () => (await server.get("/health/ready")).status === 503, "the alarm");
  assert.match(server.log, /damage/i);
  const other = await Visitor.open(server, { visitor_token: visitors[1].token, last_seq: 0 });
  assert.deepEqual(words(await other.transcript(server)), words(visitors[1].transcript), "others read on");
  await assert.rejects(other.say("hello"), ({ code: refused }) => refused === "unavailable");
  assert.equal((await server.stop()).code, 0);
});
