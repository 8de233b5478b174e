// kill -9 under load, again and again: what was acknowledged exists exactly once, in order, under
// the number that was acknowledged; what was not is taken exactly once when it is sent again.
import assert from "node:assert/strict";
import { randomInt, randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { botFolder, cleanUp, Server, sleep, until, Visitor } from "./harness.mjs";

const kKills = Number(process.env.WASL_KILLS ?? 50);
const kVisitors = 3;
const kInFlight = 12;
const kKillsPerStory = 5; // then other visitors come: conversations stay of a usual length
// Cheap and harmless things to say: answered by the bot without a handoff.
const kTexts = ["hello", "thank you so much", "what are your opening hours today?", "السلام عليكم", "متى دوامكم"];

let server;
const bot = botFolder({
  "wasl.yml": (text) => text.replace(/messages_per_minute: \d+/, "messages_per_minute: 1000000"),
});
after(() => cleanUp(server));

/** What one visitor said: client_id → {text, order, seq: once acknowledged}. */
class Story {
  said = new Map();
  token;

  /** Says so much that `kInFlight` messages wait for their ack, and goes on so with every ack. */
  async pour(line, until) {
    this.resend(line);
    while (Date.now() < until && !line.over) {
      while (this.open.length < kInFlight) this.say(line);
      await sleep(1);
    }
  }
  say(line) {
    const order = this.said.size;
    const clientId = randomUUID();
    const text = kTexts[order % kTexts.length];
    const one = { clientId, text, order };
    this.said.set(clientId, one);
    this.#send(line, one);
  }
  #send(line, one) {
    line.say(one.text, { clientId: one.clientId }).then(
      ({ seq }) => {
        if (one.seq !== undefined) assert.equal(seq, one.seq, "the same ack again");
        one.seq = seq;
      },
      () => {}, // the server died, or answers busy: sent again later
    );
  }
  get open() {
    return [...this.said.values()].filter(({ seq }) => seq === undefined); // in the order of sending
  }
  resend(line) {
    for (const one of this.open) this.#send(line, one);
  }

  /** Compares the stored transcript with what was said. */
  check(stored) {
    const numbers = stored.map(({ seq }) => seq);
    assert.deepEqual(numbers, [...new Set(numbers)].sort((a, b) => a - b), "in order, nothing twice");
    const own = stored.filter(({ from }) => from === "visitor");
    const ids = own.map(({ client_id }) => client_id);
    assert.equal(new Set(ids).size, ids.length, "no message twice");
    const bySaid = new Map(own.map((message) => [message.client_id, message]));
    for (const { clientId, seq, text } of this.said.values()) {
      const message = bySaid.get(clientId);
      if (seq === undefined) continue;
      assert.ok(message, `acknowledged as ${seq}, but lost`);
      assert.equal(message.seq, seq);
      assert.equal(message.text, text);
    }
    for (const { client_id: id } of own) assert.ok(this.said.has(id), "nothing was made up");
    // One connection, one order: what was stored of a burst is its beginning, in the order sent.
    const orders = own.map(({ client_id: id }) => this.said.get(id).order);
    assert.deepEqual(orders, [...orders].sort((a, b) => a - b), "the order of sending is kept");
    return own.length;
  }
}

/** Opens the chat at 0 and reads what is stored: at least what was acknowledged, or 3 s long. */
async function wholeStory(story) {
  const line = await Visitor.open(server, { locale: "en", visitor_token: story.token, last_seq: 0 }).catch((refused) => {
    throw new Error(`${refused.message}; the server's log: ${server.log.slice(-2000)}`);
  });
  const told = () => new Set(line.messages.map(({ seq }) => seq));
  const complete = () => {
    const seqs = told();
    return [...story.said.values()].every(({ seq }) => seq === undefined || seqs.has(seq));
  };
  const end = Date.now() + 3000;
  while (!complete() && Date.now() < end) await sleep(10);
  line.send({ type: "ping" });
  await line.waitFor(({ type }) => type === "pong");
  return line;
}

test(`${kKills} kills under load lose and double nothing`, { timeout: 280_000 }, async (t) => {
  server = await Server.start(bot);
  const told = []; // all stories
  let stories = []; // of those who are here
  const others = async () => {
    stories = [];
    for (let i = 0; i < kVisitors; ++i) {
      const line = await Visitor.open(server, { locale: "en" });
      const story = new Story();
      story.token = line.token;
      stories.push(story);
      await line.close();
    }
    told.push(...stories);
  };

  let midway = 0;
  let slowest = 0;
  for (let kill = 0; kill < kKills; ++kill) {
    if (kill % kKillsPerStory === 0) await others();
    const lines = await Promise.all(stories.map(wholeStory));
    for (const [i, line] of lines.entries()) stories[i].check(line.messages);
    const end = Date.now() + randomInt(5, 61);
    await Promise.all(lines.map((line, i) => stories[i].pour(line, end)));
    if (stories.some(({ open }) => open.length > 0)) ++midway;
    await server.kill();
    await Promise.all(lines.map((line) => line.closed));
    const began = Date.now();
    server = await Server.start(bot);
    slowest = Math.max(slowest, Date.now() - began);
  }

  let stored = 0;
  for (const story of told) {
    const line = await wholeStory(story);
    story.check(line.messages);
    // Everything left is sent again and taken exactly once; then also all of the last ones once more.
    story.resend(line);
    await until(() => story.open.length === 0, "all is acknowledged");
    const last = [...story.said.values()].slice(-kInFlight);
    const acks = await Promise.all(last.map(({ clientId, text }) => line.say(text, { clientId })));
    assert.deepEqual(acks.map(({ seq }) => seq), last.map(({ seq }) => seq));
    await line.close();
    const whole = await wholeStory(story);
    assert.equal(story.check(whole.messages), story.said.size);
    stored += story.said.size;
    await whole.close();
  }
  t.diagnostic(`${stored} messages, ${midway} kills with messages in flight, slowest start ${slowest} ms`);
  assert.ok(midway >= kKills / 2, `only ${midway} of ${kKills} kills hit anything`);
});
