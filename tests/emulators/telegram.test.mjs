/** The emulator itself must be as strict and as stubborn as Telegram: `node --test tests/emulators`. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import test from "node:test";

import { startTelegram } from "./telegram.mjs";

const kToken = "123:ABC";

async function call(telegram, method, body, token = kToken) {
  const response = await fetch(`${telegram.url}/bot${token}/${method}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

/** A bot's webhook; `answer(update, request)` gives the status. */
async function startBot(answer) {
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (chunk) => (text += chunk));
    request.on("end", async () => {
      response.writeHead(await answer(JSON.parse(text), request));
      response.end();
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/channels/tg`,
    close: () => new Promise((resolve) => (server.closeAllConnections?.(), server.close(resolve))),
  };
}

test("records what the bot says", async (t) => {
  const telegram = await startTelegram({ token: kToken, secret: "s" });
  t.after(() => telegram.close());
  const reply_markup = { inline_keyboard: [[{ text: "A", callback_data: "intent:a" }]] };
  const { status, body } = await call(telegram, "sendMessage", { chat_id: 7, text: "أهلًا", reply_markup });
  assert.equal(status, 200);
  assert.equal(body.result.chat.id, 7);
  assert.equal(telegram.sent[0].method, "sendMessage");
  assert.deepEqual(telegram.sent[0].body, { chat_id: 7, text: "أهلًا", reply_markup });
  assert.deepEqual(telegram.textsTo(7), ["أهلًا"]);
  assert.deepEqual(telegram.textsTo(8), []);
});

const button = (extra) => ({ inline_keyboard: [[{ text: "A", callback_data: "x", ...extra }]] });

const kRefused = [
  ["no chat", { text: "x" }, /chat_id is empty/],
  ["a chat that is no chat", { chat_id: {}, text: "x" }, /chat not found/],
  ["no text", { chat_id: 7 }, /text is empty/],
  ["blank text", { chat_id: 7, text: " \n" }, /text is empty/],
  ["long text", { chat_id: 7, text: "x".repeat(4097) }, /too long/],
  ["long emoji", { chat_id: 7, text: "😀".repeat(2049) }, /too long/],
  ["long data", { chat_id: 7, text: "x", reply_markup: button({ callback_data: "م".repeat(33) }) }, /BUTTON_DATA_INVALID/],
  ["empty data", { chat_id: 7, text: "x", reply_markup: button({ callback_data: "" }) }, /BUTTON_DATA_INVALID/],
  ["no title", { chat_id: 7, text: "x", reply_markup: button({ text: "" }) }, /text buttons/],
  ["flat keyboard", { chat_id: 7, text: "x", reply_markup: { inline_keyboard: [{ text: "A" }] } }, /Array of Arrays/],
  ["no keyboard", { chat_id: 7, text: "x", reply_markup: {} }, /unknown reply markup/],
  ["no JSON", "{", /can't parse/],
  ["no object", "[]", /object expected/],
];

test("refuses what Telegram refuses", async (t) => {
  const telegram = await startTelegram({ token: kToken, secret: "s" });
  t.after(() => telegram.close());
  for (const [name, body, why] of kRefused) {
    const answer = await call(telegram, "sendMessage", body);
    assert.equal(answer.status, 400, name);
    assert.match(answer.body.description, why, name);
  }
  assert.equal((await call(telegram, "sendMessage", { chat_id: 7, text: "x" }, "9:X")).status, 401);
  assert.equal((await call(telegram, "dance", {})).status, 404);
  assert.equal((await call(telegram, "answerCallbackQuery", { callback_query_id: "?" })).status, 400);
  assert.equal(telegram.sent.length, 0);
  const longest = { chat_id: "7", text: "x".repeat(4096), reply_markup: button({ callback_data: "م".repeat(32) }) };
  assert.equal((await call(telegram, "sendMessage", longest)).status, 200);
});

test("fails on demand", async (t) => {
  const telegram = await startTelegram({ token: kToken, secret: "s" });
  t.after(() => telegram.close());
  telegram.failNext(1, 429, 3);
  telegram.failNext(1, 500);
  telegram.failNext(1, 403);
  telegram.failNext(1, 0);
  const say = () => call(telegram, "sendMessage", { chat_id: 7, text: "x" });
  const slow = await say();
  assert.equal(slow.status, 429);
  assert.deepEqual(slow.body.parameters, { retry_after: 3 });
  assert.equal((await say()).status, 500);
  assert.match((await say()).body.description, /blocked/);
  await assert.rejects(say());
  assert.equal((await say()).status, 200);
  assert.equal(telegram.sent.length, 1);
  assert.deepEqual(telegram.calls.map(({ status }) => status), [429, 500, 403, 0, 200]);
});

test("pushes one update of a chat at a time, with the secret, until it is taken", async (t) => {
  const seen = [];
  let failures = 2;
  const bot = await startBot(async (update, request) => {
    assert.equal(request.headers["x-telegram-bot-api-secret-token"], "s");
    seen.push(update.message.text);
    await new Promise((resolve) => setTimeout(resolve, 10));
    return failures-- > 0 ? 500 : 200;
  });
  const telegram = await startTelegram({ token: kToken, secret: "s", webhookUrl: bot.url, retryMs: 5 });
  t.after(async () => {
    await telegram.close();
    await bot.close();
  });
  const tries = await Promise.all([
    telegram.push(telegram.textUpdate(7, "one")),
    telegram.push(telegram.textUpdate(7, "two")),
  ]);
  assert.deepEqual(tries, [3, 1]);
  assert.deepEqual(seen, ["one", "one", "one", "two"]);
  const ids = telegram.deliveries.map(({ update_id }) => update_id);
  assert.equal(ids[3], ids[0] + 1);
});

test("does not let one chat hold up another", async (t) => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  const bot = await startBot(async ({ message }) => {
    if (message.chat.id === 7) await held;
    return 200;
  });
  const telegram = await startTelegram({ token: kToken, secret: "s", webhookUrl: bot.url });
  t.after(async () => {
    await telegram.close();
    await bot.close();
  });
  const first = telegram.push(telegram.textUpdate(7, "waits"));
  assert.equal(await telegram.push(telegram.textUpdate(8, "passes")), 1);
  release();
  assert.equal(await first, 1);
});

test("a tap brings its keyboard and waits to be answered", async (t) => {
  const telegram = await startTelegram({ token: kToken, secret: "s" });
  t.after(() => telegram.close());
  await call(telegram, "sendMessage", { chat_id: 7, text: "x", reply_markup: button({}) });
  const { callback_query: query } = telegram.callbackUpdate(7, "x");
  assert.deepEqual(query.message.reply_markup, button({}));
  assert.deepEqual(telegram.unansweredCallbacks(), [query.id]);
  assert.equal((await call(telegram, "answerCallbackQuery", { callback_query_id: query.id })).status, 200);
  assert.deepEqual(telegram.unansweredCallbacks(), []);
  assert.throws(() => telegram.callbackUpdate(7, "x".repeat(65)));
});

test("gives up only when it is closed", async () => {
  const telegram = await startTelegram({ token: kToken, secret: "s", webhookUrl: "http://127.0.0.1:1/", retryMs: 5 });
  const pushed = telegram.push(telegram.textUpdate(7, "never"));
  await new Promise((resolve) => setTimeout(resolve, 30));
  await telegram.close();
  await assert.rejects(pushed, /never accepted/);
  assert.ok(telegram.deliveries.length >= 2);
});
