// SIGHUP reloads the bot folder under load: a bad one changes nothing and its mistakes are logged; a
// good one takes effect; no connection is dropped and no message lost either way.
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { botFolder, cleanUp, edit, Server, sleep, until, Visitor } from "./harness.mjs";
import { kUnlimited, Story } from "./story.mjs";

const kVisitors = 3;
let bot;
let server;
let notYet = false;
before(async () => {
  bot = botFolder({ "wasl.yml": kUnlimited });
  server = await Server.start(bot);
  await server.get("/health/ready");
  await sleep(100); // until it has taken hold of its signals
  server.process.kill("SIGHUP");
  await until(() => /SIGHUP|reload/i.test(server.log), "SIGHUP is logged");
  notYet = /not reloaded/.test(server.log); // a server that cannot reload says so
});
after(() => cleanUp(server));

/** Pours from some visitors while `act` runs; then everything is checked and nobody was dropped. */
async function underLoad(act) {
  const stories = await Promise.all(Array.from({ length: kVisitors }, () => Story.begin(server)));
  const lines = await Promise.all(stories.map((story) => story.open(server)));
  let going = true;
  const pours = lines.map((line, i) => stories[i].pour(line, () => going));
  await sleep(randomInt(20, 100));
  await act();
  await sleep(200);
  going = false;
  await Promise.all(pours);
  for (const [i, line] of lines.entries()) {
    assert.equal(line.over, undefined, "no connection is dropped");
    await stories[i].settle(line);
    assert.deepEqual(stories[i].refused.filter(({ code }) => code !== "busy"), []);
    await line.close();
    await stories[i].finish(server);
  }
}
/** SIGHUP; resolves with what the log says about it. */
async function reload(wanted) {
  const from = server.log.length;
  server.process.kill("SIGHUP");
  await until(() => wanted.test(server.log.slice(from)), `the log to say ${wanted}; it says ${server.log.slice(from)}`, 30_000);
  return server.log.slice(from);
}
/** How the bot greets somebody new. */
async function greeting() {
  const one = await Visitor.open(server, { locale: "en" });
  await one.close();
  return one.welcome.greeting.text;
}

test("bad reloads under load: nothing changes, each mistake is logged with its place", { timeout: 120_000 }, async (t) => {
  if (notYet) return t.skip("this server does not reload yet");
  const before = await greeting();
  await underLoad(async () => {
    for (let round = 0; round < 3; ++round) {
      edit(bot, { "handoff.yml": (text) => text.replace("offer_at: 1.0", "offer_at: high") });
      edit(bot, { "flows/track_order.yml": (text) => text.replace("ask: order_number", "ask: order_nummer") });
      const said = await reload(/track_order\.yml:\d+:\d+/);
      assert.match(said, /handoff\.yml:\d+:\d+/);
      assert.equal(await greeting(), before);
      edit(bot, { "handoff.yml": (text) => text.replace("offer_at: high", "offer_at: 1.0") });
      edit(bot, { "flows/track_order.yml": (text) => text.replace("ask: order_nummer", "ask: order_number") });
    }
  });
  assert.equal((await server.get("/health/ready")).status, 200);
  const one = await Visitor.open(server, { locale: "en" });
  assert.equal((await one.ask("where is my order A-1032")).answer, "track_order.shipped");
  await one.close();
});

test("good reloads under load: they take effect, conversations go on where they were", { timeout: 120_000 }, async (t) => {
  if (notYet) return t.skip("this server does not reload yet");
  // In the middle of a question: the flow goes on after the reload.
  const asked = await Visitor.open(server, { locale: "en" });
  assert.equal((await asked.ask("track order")).answer, "track_order.ask_order_number");
  const before = await greeting();
  await underLoad(async () => {
    for (let round = 0; round < 3; ++round) {
      const mark = `${round + 7}!`;
      edit(bot, { "answers/session.yml": (text) => text.replaceAll(/Noor Shop(?: \d+!)?/g, `Noor Shop ${mark}`) });
      await reload(/reloaded/i);
      await until(async () => (await greeting()).includes(mark), "the new answer", 15_000);
    }
  });
  assert.notEqual(await greeting(), before);
  assert.equal((await asked.ask("A-1032")).answer, "track_order.shipped");
  await asked.close();
});

test("a reload in the middle of a flow: it ends as it began, what begins later is new", { timeout: 120_000 }, async (t) => {
  if (notYet) return t.skip("this server does not reload yet");
  const middle = await Visitor.open(server, { locale: "en" });
  assert.equal((await middle.ask("track order")).answer, "track_order.ask_order_number");
  // The new version asks for something else first, and says other things.
  const flow = "flows/track_order.yml";
  assert.match(readFileSync(join(bot, flow), "utf8"), /ask: order_number/);
  await underLoad(async () => {
    edit(bot, {
      [flow]: () =>
        "- flow: track_order\n  description: Where an order is.\n  start: {intent: track_order}\n  slots: {email: {type: email}}\n" +
        "  steps:\n    - ask: email\n    - say: mailed\n    - end: resolved\n",
      "answers/track_order.yml": () =>
        "track_order:\n  ask_email: {ar: ما بريدك؟, en: \"Which e-mail address?\"}\n  mailed: {ar: أرسلناه., en: We have mailed it to you.}\n",
    });
    await reload(/reloaded/i);
    const fresh = await Visitor.open(server, { locale: "en" });
    await until(async () => (await fresh.ask("track order")).answer === "track_order.ask_email", "the new version", 15_000);
    await fresh.close();
  });
  const answer = await middle.ask("A-1032");
  assert.equal(answer.answer, "track_order.shipped", "with the texts and the call it began with");
  assert.match(answer.text, /A-1032/);
  assert.equal((await middle.ask("track order")).answer, "track_order.ask_email", "anew");
  await middle.close();
});
