// A reply the bot was still computing when a person took over never reaches the customer.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { addAgents, Agent, botFolder, cleanUp, Server, until, Visitor } from "./harness.mjs";

/** A shop that answers when the test says so. */
class SlowShop {
  waiting = [];
  async start() {
    this.server = createServer((request, response) => this.waiting.push({ request, response }));
    await new Promise((done) => this.server.listen(0, "127.0.0.1", done));
    this.host = `127.0.0.1:${this.server.address().port}`;
  }
  asked(n) {
    return until(() => this.waiting.length >= n, `the shop is asked ${n} times`);
  }
  answerAll(order) {
    for (const { response } of this.waiting.splice(0)) {
      response.writeHead(200, { "Content-Type": "application/json" });
      response.end(JSON.stringify(order));
    }
  }
  close() {
    this.answerAll({});
    this.server.closeAllConnections?.();
    return new Promise((done) => this.server.close(done));
  }
}

const kShipped = { status: "shipped", eta: "2099-12-01", total: 10 };
const shop = new SlowShop();
let bot;
let server;
const open = [];
before(async () => {
  await shop.start();
  bot = botFolder({
    "calls/orders.yml": (text) =>
      text.replace("self:/demo/api/orders", `http://${shop.host}/orders`).replace("timeout: 3s", "timeout: 20s"),
    "wasl.yml": (text) => `${text}\ncalls: {hosts: ["${shop.host}"]}\n`,
  });
  server = await Server.start(bot);
  await addAgents(
    bot,
    { email: "sami@shop.example", name: "Sami" },
    { email: "boss@shop.example", name: "Boss", role: "supervisor" },
  );
});
after(() => cleanUp(open, server, shop));

async function visitor() {
  const one = await Visitor.open(server, { locale: "en" });
  open.push(one);
  return one;
}

test("the slow shop answers: without a takeover the reply comes", async () => {
  const one = await visitor();
  const { seq } = await one.say("where is my order A-1032");
  await shop.asked(1);
  assert.equal(shop.waiting[0].request.url, "/orders/A-1032");
  shop.answerAll(kShipped);
  assert.equal((await one.answer(seq)).answer, "track_order.shipped");
});

for (const email of ["boss@shop.example", "sami@shop.example"]) {
  test(`${email} takes a conversation the bot is busy with: the late reply is dropped`, async () => {
    const agent = await Agent.open(server, email);
    open.push(agent);
    const one = await visitor();
    const { seq } = await one.say("where is my order A-1032");
    await shop.asked(1);
    await until(() => agent.cards.has(one.conversation), "the desk shows the conversation");
    await agent.act("take", one.conversation);
    await one.waitForState("human");
    await agent.cardIn(one.conversation, "human");

    shop.answerAll(kShipped);
    await one.nothing((frame) => frame.from === "bot");
    await agent.act("say", one.conversation, { text: "I have it here, one moment." });
    const reply = await one.answer(seq, ({ from }) => from === "agent");
    assert.equal(reply.text, "I have it here, one moment.");

    const whole = await one.transcript(server);
    assert.ok(!whole.some(({ answer }) => answer?.startsWith("track_order.")), "no late reply is stored");
    const after = await one.say("and when does it arrive?");
    await one.nothing((frame) => frame.seq > after.seq && frame.from === "bot");
    await agent.close();
  });
}

test("messages during a slow call are read together once it is back", async () => {
  const one = await visitor();
  await one.say("where is my order A-1032");
  await shop.asked(1);
  await one.say("hello?");
  const last = await one.say("thank you so much");
  await one.nothing((frame) => frame.type === "message", { ms: 300 });
  shop.answerAll(kShipped);
  const told = await one.waitFor((frame) => frame.answer === "track_order.shipped");
  assert.ok(told.seq > last.seq);
  const next = await one.answer(told.seq);
  await one.nothing((frame) => frame.type === "message" && frame.seq > next.seq, { ms: 300 });
});

test("a call open when the server is killed is made again after the restart", async () => {
  const one = await visitor();
  const { seq } = await one.say("where is my order A-1033");
  await shop.asked(1);
  await server.kill();
  shop.answerAll(kShipped);
  server = await Server.start(bot);
  await shop.asked(1);
  const back = await Visitor.open(server, { visitor_token: one.token, last_seq: seq });
  open.push(back);
  shop.answerAll({ ...kShipped, status: "preparing" });
  assert.equal((await back.answer(seq)).answer, "track_order.preparing");
});
