// A second channel through the same desk: Telegram, played by the emulator.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { startTelegram } from "../emulators/telegram.mjs";
import { addAgents, Agent, botFolder, cleanUp, Server, sleep, until } from "./harness.mjs";

const kToken = "123:test-token";
const kSecret = "hook-secret";
const started = [];
after(() => cleanUp([...started].reverse()));

async function shop() {
  const telegram = await startTelegram({ token: kToken, secret: kSecret });
  const bot = botFolder({
    "wasl.yml": (text) =>
      text.replace(
        "\nlimits:",
        `\n  support-telegram:\n    type: telegram\n    token: "${kToken}"\n    secret: ${kSecret}\n    api: ${telegram.url}\n\nlimits:`,
      ),
  });
  const one = {
    telegram,
    bot,
    async start() {
      one.server = await Server.start(bot);
      started.push(one.server);
      one.hook = `${one.server.url}/channels/support-telegram`;
      telegram.webhookUrl = one.hook;
    },
    write: (chat, text) => telegram.push(telegram.textUpdate(chat, text)),
    tap: (chat, data) => telegram.push(telegram.callbackUpdate(chat, data)),
    /** Waits until `n` texts reached the chat. */
    async texts(chat, n, ms) {
      await until(() => telegram.textsTo(chat).length >= n, `${n} texts to ${chat}`, ms);
      return telegram.textsTo(chat);
    },
  };
  started.push(telegram);
  await one.start();
  return one;
}
const buttonsOf = ({ body }) => body.reply_markup.inline_keyboard.flat();
const lastTo = (telegram, chat) =>
  telegram.sent.filter(({ method, body }) => method === "sendMessage" && body.chat_id == chat).at(-1);

test("a customer asks over the webhook and the bot answers, taps included", async () => {
  const { telegram, write, tap, texts } = await shop();
  assert.equal(await write(7, "وين طلبي يا اخوي"), 1, "accepted at the first try");
  assert.match((await texts(7, 1))[0], /رقم طلبك/);
  await write(7, "A-1032");
  assert.match((await texts(7, 2))[1], /A-1032.*ديسمبر/);
  const buttons = buttonsOf(lastTo(telegram, 7));
  assert.ok(buttons.some(({ text }) => text === "أريد موظفًا"));

  await tap(7, buttons.find(({ text }) => text === "طلب آخر").callback_data);
  assert.match((await texts(7, 3))[2], /رق/);
  await until(() => telegram.unansweredCallbacks().length === 0, "the tap is answered");
  // Two chats are two conversations.
  await write(8, "how long does shipping take to jeddah");
  assert.match((await texts(8, 1))[0], /2 days/);
  assert.equal(telegram.textsTo(7).length, 3);
  assert.ok(telegram.deliveries.every(({ status }) => status === 200));
});

test("who writes in pieces is answered once, also when the server ends before it has read them", async () => {
  const one = await shop();
  const { telegram, write, texts } = one;
  for (const piece of ["hi", "where is", "my order", "A-1032"]) await write(11, piece);
  assert.match((await texts(11, 1))[0], /A-1032/);
  await sleep(1_000);
  assert.equal(telegram.textsTo(11).length, 1, telegram.textsTo(11).join("\n"));

  await write(12, "how long does shipping");
  await write(12, "take to jeddah");
  await one.server.kill();
  assert.equal(telegram.textsTo(12).length, 0);
  await one.start();
  assert.match((await texts(12, 1))[0], /2 days/);
});

test("a wrong or missing secret: 401, and nothing of it is stored", async () => {
  const { telegram, server, hook } = await shop();
  const update = JSON.stringify(telegram.textUpdate(9, "وين طلبي"));
  const post = (headers, body = update) =>
    fetch(hook, { method: "POST", body, headers: { "Content-Type": "application/json", ...headers } });
  const secret = (value) => ({ "X-Telegram-Bot-Api-Secret-Token": value });
  assert.equal((await post({})).status, 401);
  assert.equal((await post(secret("hook-secreT"))).status, 401);
  assert.equal((await post(secret(`${kSecret}x`))).status, 401);
  assert.equal((await post(secret(""))).status, 401);
  await sleep(300);
  assert.equal(await server.metric("wasl_messages_in_total"), 0);
  assert.equal(telegram.calls.length, 0);
  // With the secret: nonsense is refused, what we do not read is taken and ignored.
  assert.equal((await post(secret(kSecret), "nonsense")).status, 400);
  assert.equal((await post(secret(kSecret), '{"update_id":5,"poll":{}}')).status, 200);
  assert.equal(await server.metric("wasl_messages_in_total"), 0);
  assert.equal((await fetch(`${server.url}/channels/no-such`, { method: "POST" })).status, 404);
});

test("the same update twice has one effect, also after a restart", async () => {
  const one = await shop();
  const { telegram } = one;
  const update = telegram.textUpdate(7, "how long does shipping take to jeddah");
  await telegram.push(update);
  await telegram.push(update);
  await one.texts(7, 1);
  await one.server.stop();
  await one.start();
  await telegram.push(update);
  await one.write(7, "thank you so much");
  await one.texts(7, 2);
  await sleep(300);
  assert.equal(telegram.textsTo(7).length, 2);
  assert.equal(await one.server.metric("wasl_messages_in_total"), 1);
  assert.equal(await one.server.metric("wasl_duplicates_total"), 1);
});

test("the provider fails: sent again after the time it asks for, in order", async () => {
  const { telegram, write, texts } = await shop();
  telegram.failNext(1, 500);
  telegram.failNext(1, 429, 2);
  await write(7, "where is my order A-9999"); // two texts: not found, and the next question
  await texts(7, 2);
  const calls = telegram.calls.filter(({ method }) => method === "sendMessage");
  const limited = calls.find(({ status }) => status === 429);
  const next = calls.find(({ at, body }) => at > limited.at && body.text === limited.body.text);
  assert.ok(next.at - limited.at >= 1900, `tried again after ${next.at - limited.at} ms`);
  const [first, second] = telegram.textsTo(7);
  assert.match(first, /A-9999/);
  assert.notEqual(first, second);
  assert.equal(telegram.textsTo(7).length, 2);
  // The second text did not overtake the first.
  assert.ok(calls.findIndex(({ body }) => body.text === second) > calls.indexOf(limited));
  // A dropped connection is tried again, too.
  telegram.failNext(1, 0);
  await write(7, "A-1033");
  assert.match((await texts(7, 3))[2], /A-1033/);
});

test("a refused message is given up and the next ones go on", async () => {
  const { telegram, write, texts } = await shop();
  telegram.failNext(1, 403);
  await write(7, "hello");
  await until(() => telegram.calls.some(({ status }) => status === 403), "the refusal");
  await write(7, "thank you so much");
  await texts(7, 1);
  await sleep(300);
  assert.equal(telegram.textsTo(7).length, 1);
});

test("what was promised before a kill -9 is sent after it", async () => {
  const one = await shop();
  const { telegram } = one;
  telegram.failNext(1000, 500);
  await one.write(7, "how long does shipping take to jeddah");
  await one.write(8, "hello");
  await until(() => telegram.calls.length >= 1, "a first try");
  await one.server.kill();
  assert.equal(telegram.textsTo(7).length, 0);
  await telegram.close();
  // The provider is back under its address, the server under a new one.
  const again = await startTelegram({ token: kToken, secret: kSecret, port: Number(new URL(telegram.url).port) });
  started.push(again);
  one.server = await Server.start(one.bot);
  started.push(one.server);
  await until(() => again.textsTo(7).length === 1 && again.textsTo(8).length === 1, "the outbox is sent", 30_000);
  await sleep(300);
  assert.equal(again.textsTo(7).length, 1);
});

test("an upset Telegram customer is answered by an agent in the same desk", async () => {
  const { telegram, bot, server, write, texts } = await shop();
  await addAgents(bot, { email: "sami@shop.example", name: "Sami" });
  const agent = await Agent.open(server, "sami@shop.example");
  started.push(agent);
  await write(7, "وين طلبي يا كلاب!!!");
  await texts(7, 1);
  await write(7, "خدمة خرا وانت ما تفهم يا حمار!!!");
  const offer = await agent.waitFor(({ type }) => type === "offer");
  assert.equal(offer.reason, "angry");
  const id = offer.conversation;
  assert.equal(agent.cards.get(id).channel, "support-telegram");
  assert.equal(agent.cards.get(id).customer.name, "Customer7");
  await agent.accept(id);
  await agent.command("open", { conversation: id, last_seq: 0 });
  await agent.eventOf(id, ({ from, body }) => from === "visitor" && body.text === "وين طلبي يا كلاب!!!");
  await agent.act("say", id, { text: "معك سامي، أعتذر عمّا حدث." });
  await until(() => telegram.textsTo(7).includes("معك سامي، أعتذر عمّا حدث."), "the agent's words in the chat");

  const sent = (await texts(7, 1)).length;
  await write(7, "وين طلبي");
  await agent.eventOf(id, ({ from, body }) => from === "visitor" && body.text === "وين طلبي");
  await sleep(500);
  assert.equal(telegram.textsTo(7).length, sent, "the bot is silent");

  await agent.act("return_to_bot", id, { reason: "routine" });
  await agent.cardIn(id, "bot");
  await write(7, "وين طلبي A-1033");
  await until(() => telegram.textsTo(7).some((text) => text.includes("A-1033")), "the bot answers again");
});
