// Nothing is lost and nothing doubled when sockets break, tabs multiply and the server restarts.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { addAgents, Agent, botFolder, cleanUp, Server, until, Visitor } from "./harness.mjs";
import { kUnlimited } from "./story.mjs";

let bot;
let server;
const open = [];
before(async () => {
  bot = botFolder();
  server = await Server.start(bot);
});
after(() => cleanUp(open, server));

async function visitor(hello, where = server) {
  const one = await Visitor.open(where, hello);
  open.push(one);
  return one;
}
const seqs = (list) => list.map(({ seq }) => seq);

// Former bug: a page of history was a number of events, however long; its reader was cut off as too slow.
test("a transcript of long messages does not cut its own reader off", async () => {
  const own = await Server.start(botFolder({ "wasl.yml": kUnlimited }));
  open.push(own);
  const one = await visitor({ locale: "en" }, own);
  const long = "🙂".repeat(3900); // 15.6 KB
  for (let i = 0; i < 20; ++i) await Promise.all(Array.from({ length: 12 }, () => one.say(long)));
  const last = one.lastSeq;
  const back = await visitor({ visitor_token: one.token, last_seq: 0 }, own);
  await until(() => back.lastSeq >= last || back.over, "all of it");
  assert.equal(back.over, undefined, JSON.stringify(back.over));
  assert.deepEqual(seqs(back.messages), [...new Set(seqs(back.messages))].sort((a, b) => a - b));
});

test("resume by last_seq: exactly what was missed, in order", async () => {
  const one = await visitor({ locale: "en" });
  await one.ask("hello");
  const seen = one.lastSeq;
  const other = await visitor({ visitor_token: one.token, last_seq: seen });
  assert.equal(other.conversation, one.conversation);
  await one.drop();
  // While the first is away the conversation goes on elsewhere.
  const { seq } = await other.say("how long does shipping take to jeddah");
  await other.answer(seq);

  const back = await visitor({ visitor_token: one.token, conversation: one.conversation, last_seq: seen });
  await back.waitFor((frame) => frame.answer === "delivery_period.to_city");
  const missed = seqs(back.messages);
  assert.ok(missed.every((one) => one > seen), "nothing twice");
  assert.deepEqual(missed, [...new Set(missed)].sort((a, b) => a - b));
  assert.equal(missed[0], seq);
  // What both saw together is the whole conversation.
  const whole = await one.transcript(server);
  const halves = [...one.messages, ...back.messages];
  const own = whole.filter((message) => message.from !== "visitor" && message.seq > 1);
  for (const message of own) {
    assert.equal(halves.filter((half) => half.seq === message.seq).length, 1, `seq ${message.seq}`);
  }
});

test("a resent client_id gets the same ack and has one effect", async () => {
  const one = await visitor({ locale: "en" });
  const clientId = randomUUID();
  const first = await one.say("hello", { clientId });
  const again = await one.say("hello", { clientId });
  assert.deepEqual(again, first);
  // Also on another connection, also with another text.
  const other = await visitor({ visitor_token: one.token, last_seq: 0 });
  assert.deepEqual(await other.say("something else", { clientId }), first);
  const whole = await one.transcript(server);
  assert.equal(whole.filter(({ client_id }) => client_id === clientId).length, 1);
  assert.equal(whole.filter(({ from }) => from === "visitor").length, 1);
});

test("the same client_id of two visitors is two messages", async () => {
  const clientId = randomUUID();
  const [one, two] = [await visitor({ locale: "en" }), await visitor({ locale: "en" })];
  await one.say("hello", { clientId });
  await two.say("thank you so much", { clientId });
  assert.equal((await two.waitFor((frame) => frame.type === "message")).answer, "thank.welcome");
});

test("a second tab sees the visitor's own messages, the sending one only the ack", async () => {
  const one = await visitor({ locale: "ar" });
  await one.ask("السلام عليكم");
  const tab = await visitor({ visitor_token: one.token, last_seq: one.lastSeq });
  const clientId = randomUUID();
  const { seq } = await one.say("متى دوامكم", { clientId });
  const seen = await tab.waitFor((frame) => frame.type === "message" && frame.seq === seq);
  assert.equal(seen.from, "visitor");
  assert.equal(seen.text, "متى دوامكم");
  assert.equal(seen.client_id, clientId);
  const answer = await one.answer(seq);
  assert.equal((await tab.answer(seq)).seq, answer.seq);
  assert.equal(one.messages.filter(({ from }) => from === "visitor").length, 0);
});

test("restart: SIGTERM ends well, sockets close with 1012, the conversation goes on", async () => {
  const one = await visitor({ locale: "ar" });
  assert.equal((await one.ask("وين طلبي يا اخوي")).answer, "track_order.ask_order_number");
  const clientId = randomUUID();
  const acked = await one.say("A-1032", { clientId });
  await one.waitFor((frame) => frame.answer === "track_order.shipped");
  const seen = one.lastSeq;

  const { code, ms } = await server.stop();
  assert.equal(code, 0);
  assert.ok(ms < 10_000, `took ${ms} ms`);
  assert.equal((await one.closed).code, 1012);

  server = await Server.start(bot);
  const back = await visitor({ visitor_token: one.token, conversation: one.conversation, last_seq: seen });
  assert.equal(back.conversation, one.conversation);
  assert.equal(back.welcome.greeting, undefined);
  assert.ok(back.welcome.last_seq >= seen);
  assert.deepEqual(await back.say("A-1032", { clientId }), acked);
  await back.nothing((frame) => frame.type === "message" && frame.seq <= seen, { from: 0, ms: 300 });
  assert.equal((await back.ask("شكرا جزيلا")).answer, "thank.welcome");
});

test("restart in the middle of a question: the bot still knows what it asked", async () => {
  const one = await visitor({ locale: "en" });
  assert.equal((await one.ask("track order")).answer, "track_order.ask_order_number");
  await server.stop();
  server = await Server.start(bot);
  const back = await visitor({ visitor_token: one.token, last_seq: one.lastSeq });
  const told = await back.ask("B-2042");
  assert.equal(told.answer, "track_order.delivered");
  assert.equal(told.language, "en");
});

test("a very long conversation is resumed from its beginning and opened at the desk", { timeout: 60_000 }, async () => {
  // One shard: nothing is sent while the history is put together.
  const long = botFolder({
    "wasl.yml": (text) => `${text.replace(/messages_per_minute: \d+/, "messages_per_minute: 1000000")}\nshards: 1\n`,
  });
  const own = await Server.start(long);
  open.push(own);
  await addAgents(long, { email: "sami@shop.example", name: "Sami" });
  const agent = await Agent.open(own, "sami@shop.example");
  open.push(agent);
  const one = await visitor({ locale: "en" }, own);
  const kTurns = 700;
  for (let i = 0; i < kTurns; ++i) await one.say(i % 2 ? "thank you so much" : "hello");
  await one.answer(one.lastSeq - 4);

  const back = await visitor({ locale: "en", visitor_token: one.token, last_seq: 0 }, own);
  const theirs = () => back.messages.filter(({ from }) => from === "visitor").length;
  await until(() => theirs() === kTurns || back.over, "the whole history");
  assert.equal(back.over, undefined, JSON.stringify(back.over));
  assert.equal(theirs(), kTurns);

  await agent.command("open", { conversation: one.conversation, last_seq: 0 });
  const told = () => agent.frames.filter(({ type, kind, from }) => type === "event" && kind === "message" && from === "visitor").length;
  await until(() => told() === kTurns || agent.over, "the whole transcript");
  assert.equal(agent.over, undefined, JSON.stringify(agent.over));
  assert.equal(told(), kTurns);
});
