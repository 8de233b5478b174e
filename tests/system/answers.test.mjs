// The bot answers real visitors over the real socket: both languages, dialects, a real look-up.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { addAgents, botFolder, cleanUp, Server, Visitor } from "./harness.mjs";

let server;
const open = [];
before(async () => {
  const bot = botFolder();
  server = await Server.start(bot);
  await addAgents(bot, { email: "sami@shop.example", name: "Sami" }); // somebody could serve a handoff
});
after(() => cleanUp(open, server));

async function visitor(locale = "ar") {
  const one = await Visitor.open(server, { locale });
  open.push(one);
  return one;
}

test("the welcome greets once, in the visitor's language, with buttons", async () => {
  const arabic = (await visitor("ar")).welcome;
  assert.equal(arabic.state, "bot");
  assert.equal(arabic.owner.kind, "bot");
  assert.equal(arabic.last_seq, 0);
  assert.equal(arabic.limits.text_chars_max, 4000);
  assert.equal(arabic.limits.frame_bytes_max, 16384);
  assert.match(arabic.visitor_token, /^[0-9a-f]{64}$/);
  assert.equal(arabic.greeting.language, "ar");
  assert.match(arabic.greeting.text, /متجر نور/);
  assert.ok(arabic.greeting.buttons.some(({ id }) => id === "intent:track_order"));

  const one = await visitor("en-GB");
  assert.equal(one.welcome.greeting.language, "en");
  assert.match(one.welcome.greeting.text, /Noor Shop/);
  // The greeting is stored with the first message and not sent to the tab that showed it.
  await one.ask("hello");
  const again = await Visitor.open(server, { visitor_token: one.token, last_seq: 0 });
  open.push(again);
  assert.equal(again.welcome.greeting, undefined);
  await again.waitFor((frame) => frame.type === "message" && frame.answer === "greet.hello");
  const greetings = (list) => list.filter(({ answer }) => answer === "session_start.greeting").length;
  assert.equal(greetings(one.messages), 0);
  assert.equal(greetings(again.messages), 1);
});

test("Gulf Arabic: asks for the number, looks the order up, tells its state", async () => {
  const one = await visitor();
  const asked = await one.ask("وين طلبي يا اخوي");
  assert.equal(asked.answer, "track_order.ask_order_number");
  assert.equal(asked.from, "bot");
  assert.equal(asked.language, "ar");
  assert.equal(asked.direction, "rtl");
  const told = await one.ask("A-1032");
  assert.equal(told.answer, "track_order.shipped");
  assert.match(told.text, /A-1032/);
  assert.match(told.text, /1 ديسمبر/); // from demo/orders/A-1032.json, over HTTP
});

test("who writes in pieces is answered at once, and what has come meanwhile together", async () => {
  const one = await visitor("en");
  const pieces = ["hello", ..."so I want to know where my order is the number of it being A-1032".split(" ")];
  const acks = await Promise.all(pieces.map((text) => one.say(text)));
  const last = acks.at(-1).seq;
  acks.reduce((before, { seq }) => (assert.ok(seq > before, "each is stored in its turn"), seq), 0);
  await one.answer(last);
  const replies = one.messages.filter(({ from, answer }) => from === "bot" && answer !== "session_start.greeting");
  assert.equal(replies[0].answer, "greet.hello");
  assert.ok(replies.length < pieces.length, `${replies.length} replies to ${pieces.length} pieces`);
});

test("Egyptian Arabic: the number inside a sentence", async () => {
  const one = await visitor();
  assert.equal((await one.ask("الأوردر بتاعي فين لو سمحت")).answer, "track_order.ask_order_number");
  const told = await one.ask("رقمه A-1034");
  assert.equal(told.answer, "track_order.delivered");
  assert.match(told.text, /18 نوفمبر/);
});

test("English: all in one message", async () => {
  const one = await visitor("en");
  const told = await one.ask("where is my order B-2041");
  assert.equal(told.answer, "track_order.shipped");
  assert.equal(told.language, "en");
  assert.equal(told.direction, "ltr");
  assert.match(told.text, /B-2041.*3 December/);
});

test("an unknown order is asked for again", async () => {
  const one = await visitor("en");
  const { seq } = await one.say("where is my order A-9999");
  await one.answer(seq, ({ answer }) => answer === "find_order.not_found");
  await one.answer(seq, ({ answer }) => answer === "find_order.ask_second_number");
  assert.equal((await one.ask("A-1033")).answer, "track_order.preparing");
});

test("a tap on a quick reply does what it says", async () => {
  const one = await visitor();
  const asked = await one.press("intent:track_order");
  assert.equal(asked.answer, "track_order.ask_order_number");
  const told = await one.ask("A-1035");
  assert.equal(told.answer, "track_order.cancelled");
  const button = told.buttons.find(({ id }) => id === "intent:track_refund");
  assert.ok(button, "the answer offers the refund");
  const answered = await one.press(button.id);
  assert.match(answered.answer, /^track_refund\./);
  // In the transcript a tap reads as the title that was tapped.
  const stored = await one.transcript(server);
  assert.ok(stored.some(({ from, text }) => from === "visitor" && text === button.title));
});

test("an unknown button is answered kindly, not by an error", async () => {
  const one = await visitor();
  assert.equal((await one.press("no-such-button")).answer, "stale_button.sorry");
});

test("the language follows the customer", async () => {
  const one = await visitor("ar");
  const english = await one.ask("what are your opening hours today?");
  assert.equal(english.answer, "opening_hours.open_now");
  assert.equal(english.language, "en");
  const arabic = await one.ask("كم يوم ياخذ التوصيل للرياض");
  assert.equal(arabic.answer, "delivery_period.to_city");
  assert.equal(arabic.language, "ar");
});

test("not understood: asks to rephrase, then offers a person, then brings one", async () => {
  const one = await visitor("en");
  assert.equal((await one.ask("qwrtp zxcvb")).answer, "cannot_answer.rephrase");
  const offered = await one.ask("jjkfh mmnbw");
  assert.equal(offered.answer, "cannot_answer.offer_person");
  assert.ok(offered.buttons.length >= 1);
  await one.ask("plokij ygvtf", ({ answer }) => answer === "handoff.queued");
  await one.waitForState("waiting");
});

test("several messages at once: none is dropped, each gets its ack", async () => {
  const one = await visitor("en");
  const acks = await Promise.all([one.say("where is my order"), one.say("A-1032"), one.say("thanks")]);
  assert.deepEqual(acks, [...acks].sort((a, b) => a.seq - b.seq));
  await one.waitFor((frame) => frame.answer === "track_order.shipped");
});
