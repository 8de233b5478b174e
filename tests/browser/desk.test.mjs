// A customer and an agent in a real browser: the demo shop with the chat, and the console.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { chromium } from "playwright-core";
import { addAgents, botFolder, cleanUp, kPassword, Server, until } from "../system/harness.mjs";

const kBrowser = process.env.WASL_BROWSER ?? "/usr/bin/chromium";
const kShots = process.env.WASL_SCREENSHOTS;
const kAxe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const kArgs = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];
const kDesktop = { width: 1280, height: 800 };
const kPhone = { width: 390, height: 844 };
const skip = existsSync(kBrowser) ? false : `no browser at ${kBrowser}`;

let browser;
let server;
const contexts = [];
before(async () => {
  if (!skip) browser = await chromium.launch({ executablePath: kBrowser, args: kArgs });
});
after(() => browser?.close());
beforeEach(async () => {
  if (skip) return;
  const bot = botFolder();
  server = await Server.start(bot);
  await addAgents(
    bot,
    { email: "sara@shop.example", name: "سارة" },
    { email: "omar@shop.example", name: "Omar", role: "supervisor" },
  );
});
afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
  await cleanUp(server);
});

/** A page of its own that remembers everything that went wrong in it. */
async function page(path, { locale = "ar", viewport = kDesktop, ...more } = {}) {
  const context = await browser.newContext({ locale, viewport, timezoneId: "Asia/Riyadh", reducedMotion: "reduce", ...more });
  contexts.push(context);
  context.setDefaultTimeout(20_000);
  const one = await context.newPage();
  one.wrong = [];
  one.on("console", (message) => {
    if (message.type() === "error") one.wrong.push(`console: ${message.text()} ${message.location().url}`);
  });
  one.on("pageerror", (error) => one.wrong.push(`exception: ${error.message}`));
  one.on("requestfailed", (request) => one.wrong.push(`failed: ${request.url()}`));
  await one.addInitScript(() => {
    globalThis.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => {
      globalThis.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
    });
  });
  const answer = await one.goto(server.url + path);
  assert.equal(answer.status(), 200);
  return one;
}

async function isWell(one) {
  assert.deepEqual(one.wrong, []);
  assert.deepEqual(await one.evaluate(() => globalThis.violations), []);
  // Nothing sticks out sideways.
  const [width, content] = await one.evaluate(() => [innerWidth, document.documentElement.scrollWidth]);
  assert.ok(content <= width, `the page is ${content} px wide in a window of ${width}`);
}

async function axe(one) {
  await one.evaluate(kAxe);
  const { violations } = await one.evaluate(() => globalThis.axe.run(document));
  const grave = violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html, any }) => `${html.slice(0, 160)} ${any[0]?.message ?? ""}`).join(" | ")}`);
  assert.deepEqual(grave, []);
}

async function shot(one, name) {
  if (!kShots) return;
  mkdirSync(kShots, { recursive: true });
  await one.screenshot({ path: join(kShots, `${name}.png`) });
}

const id = (one, name) => one.getByTestId(name);
const messages = (one, from) => one.locator(`[data-testid="message"][data-from="${from}"]`);

async function openChat(one) {
  await id(one, "launcher").click();
  await id(one, "composer").waitFor();
}
async function write(one, text) {
  await id(one, "composer").fill(text);
  await id(one, "send").click();
}
/** Waits for a message of the bot (or another) that contains the text. */
const hears = (one, from, text) => messages(one, from).filter({ hasText: text }).last().waitFor();

async function signedIn(email, options) {
  const one = await page("/console/", options);
  await id(one, "login-email").fill(email);
  await id(one, "login-password").fill(kPassword);
  await id(one, "login-submit").click();
  await id(one, "presence").waitFor();
  // The first look-up of a session is answered 401 before anybody signed in.
  one.wrong = one.wrong.filter((what) => !(what.includes("401") && what.includes("/api/session")));
  return one;
}
async function goOnline(one) {
  const online = id(one, "presence-online");
  if (!(await online.isVisible())) await id(one, "presence").click();
  await online.click();
}
async function inLanguage(one, language) {
  const now = () => one.evaluate(() => document.documentElement.lang);
  if ((await now()) !== language) await id(one, "language").click();
  await until(async () => (await now()) === language, `the console is in ${language}`);
}

test("an Arabic customer tracks an order, gets angry and is answered by a person", { skip, timeout: 180_000 }, async () => {
  const visitor = await page("/");
  await openChat(visitor);
  await hears(visitor, "bot", "متجر نور");
  await axe(visitor);

  await write(visitor, "وين طلبي يا اخوي");
  await hears(visitor, "bot", "رقم");
  await write(visitor, "A-1032");
  await hears(visitor, "bot", "ديسمبر");
  const bubble = messages(visitor, "bot").last();
  assert.equal(await bubble.evaluate((node) => getComputedStyle(node).direction), "rtl");
  await shot(visitor, "visitor-ar");

  // Angry in dialect: the bot sees it and offers a person, or hands over at once.
  await write(visitor, "وين الطلب يا كلاب!!! خدمة خرا وانت ما تفهم يا حمار!!!");
  const yes = visitor.locator('[data-testid="quick-reply"][data-button="handoff:yes"]');
  const card = id(visitor, "queue-card");
  await yes.or(card).first().waitFor();
  if (!(await card.isVisible())) await yes.click();
  await card.waitFor();
  assert.ok((await card.innerText()).length > 10);
  assert.ok((await id(visitor, "queue-option").count()) >= 3);
  await shot(visitor, "visitor-ar-queue");
  await axe(visitor);

  const agent = await signedIn("sara@shop.example");
  await inLanguage(agent, "ar");
  await goOnline(agent);
  await id(agent, "offer").waitFor();
  assert.match(await id(agent, "offer-evidence").first().innerText(), /حمار|ما تفهم|كلاب/);
  assert.match(await id(agent, "offer-countdown").innerText(), /[0-9٠-٩]/);
  await shot(agent, "console-ar-offer");
  await axe(agent);

  await id(agent, "offer-accept").click();
  await id(agent, "thread").waitFor();
  const inThread = (text) => id(agent, "thread-message").filter({ hasText: text }).first().waitFor();
  await inThread("خدمة خرا");
  await inThread("A-1032");
  await id(agent, "packet").waitFor();
  assert.match(await id(agent, "packet").innerText(), /حمار|ما تفهم|كلاب/);
  assert.ok((await id(agent, "evidence-item").count()) >= 1);
  assert.equal(await id(agent, "handoff-mark").count(), 1);

  await id(agent, "reply-input").fill("معك سارة، أعتذر عمّا حدث. طلبك A-1032 يصلك غدًا.");
  await id(agent, "reply-send").click();
  await hears(visitor, "agent", "معك سارة");
  assert.equal(await id(visitor, "queue-card").count(), 0, "the queue card is gone");
  await write(visitor, "شكرا لك يا سارة");
  await inThread("شكرا لك يا سارة");
  await shot(visitor, "visitor-ar-agent");
  await shot(agent, "console-ar");
  await axe(visitor);
  await axe(agent);

  // A reload loses nothing and doubles nothing.
  const before = await id(visitor, "message").count();
  await visitor.reload();
  if (!(await id(visitor, "composer").isVisible())) await openChat(visitor);
  await hears(visitor, "visitor", "شكرا لك يا سارة");
  await until(async () => (await id(visitor, "message").count()) === before, `${before} messages again`);

  await id(agent, "resolve").click();
  await id(agent, "resolve-solved").click();
  await id(agent, "done").click();
  await until(async () => (await id(agent, "state").first().getAttribute("data-state")) === "resolved", "resolved");
  await isWell(visitor);
  await isWell(agent);
});

test("English, left to right: a tap, an order, a person; the agent returns it to the bot", { skip, timeout: 180_000 }, async () => {
  const visitor = await page("/", { locale: "en-GB" });
  if ((await visitor.evaluate(() => document.documentElement.lang)) !== "en") {
    await id(visitor, "demo-language").filter({ visible: true }).click();
  }
  await openChat(visitor);
  await hears(visitor, "bot", "Noor Shop");
  await id(visitor, "quick-reply").filter({ hasText: "Where is my order" }).click();
  await hears(visitor, "bot", "number");
  await write(visitor, "B-2041");
  await hears(visitor, "bot", "3 December");
  const bubble = messages(visitor, "bot").last();
  assert.equal(await bubble.evaluate((node) => getComputedStyle(node).direction), "ltr");
  await shot(visitor, "visitor-en");
  await axe(visitor);
  await write(visitor, "I want to talk to a human");
  await id(visitor, "queue-card").waitFor();

  const agent = await signedIn("omar@shop.example", { locale: "en-GB" });
  await inLanguage(agent, "en");
  await goOnline(agent);
  await id(agent, "offer-accept").click();
  await id(agent, "reply-input").fill("Hello, this is Omar. Your order B-2041 ships today.");
  await id(agent, "reply-send").click();
  await hears(visitor, "agent", "this is Omar");
  // An Arabic sentence inside an English conversation keeps its own direction.
  await write(visitor, "شكرا جزيلا، ممتاز!");
  await id(agent, "thread-message").filter({ hasText: "شكرا جزيلا" }).waitFor();
  await shot(agent, "console-en");
  await shot(visitor, "visitor-en-agent");
  await axe(agent);

  await id(agent, "return").click();
  await id(agent, "return-routine").click();
  await until(async () => (await id(agent, "state").first().getAttribute("data-state")) === "bot", "back with the bot");
  await write(visitor, "where is my order A-1033");
  await hears(visitor, "bot", "A-1033");
  await isWell(visitor);
  await isWell(agent);
  await id(agent, "sign-out").click();
  await id(agent, "login-email").waitFor();
});

test("phone width: both pages fit", { skip, timeout: 180_000 }, async () => {
  const phone = { viewport: kPhone, hasTouch: true, isMobile: true };
  for (const [locale, hello, name] of [["ar", "وين طلبي A-1032", "visitor-ar-phone"], ["en-GB", "where is my order A-1032", "visitor-en-phone"]]) {
    const visitor = await page("/", { locale, ...phone });
    if ((await visitor.evaluate(() => document.documentElement.lang)) !== locale.slice(0, 2)) {
      await id(visitor, "demo-language").filter({ visible: true }).click();
    }
    await shot(visitor, `${name}-page`);
    await openChat(visitor);
    await write(visitor, hello);
    await hears(visitor, "bot", "A-1032");
    await shot(visitor, name);
    await axe(visitor);
    await isWell(visitor);
  }
  const waiting = await page("/", { locale: "ar", ...phone });
  await openChat(waiting);
  await write(waiting, "أريد التحدث مع موظف من فضلك");
  await id(waiting, "queue-card").waitFor();
  await shot(waiting, "visitor-ar-phone-queue");

  const agent = await signedIn("sara@shop.example", { locale: "ar", ...phone });
  await goOnline(agent);
  await id(agent, "offer").first().waitFor();
  await shot(agent, "console-ar-phone-offer");
  await id(agent, "offer-accept").first().click();
  await id(agent, "reply-input").waitFor();
  await shot(agent, "console-ar-phone");
  await axe(agent);
  await isWell(agent);
});

test("a wrong password is told, the console stays closed", { skip, timeout: 60_000 }, async () => {
  const agent = await page("/console/", { locale: "en-GB" });
  await shot(agent, "console-en-login");
  await axe(agent);
  await id(agent, "login-email").fill("sara@shop.example");
  await id(agent, "login-password").fill("wrong password");
  await id(agent, "login-submit").click();
  await id(agent, "login-error").waitFor();
  assert.equal(await id(agent, "list-queue").count(), 0);
});

test("the server goes away and comes back: the chat says so and recovers", { skip, timeout: 120_000 }, async () => {
  const { bot } = server;
  const context = await browser.newContext({ locale: "en-GB", viewport: kDesktop });
  contexts.push(context);
  const visitor = await context.newPage();
  await visitor.goto(server.url);
  await openChat(visitor);
  await write(visitor, "hello");
  await until(async () => (await messages(visitor, "bot").count()) >= 2, "an answer");
  const { port } = server;
  await server.kill();
  await id(visitor, "offline").waitFor({ timeout: 30_000 });
  await id(visitor, "composer").fill("where is my order A-1033");
  await id(visitor, "send").click();
  server = await Server.start(bot, { port });
  await messages(visitor, "bot").filter({ hasText: "A-1033" }).waitFor({ timeout: 60_000 });
  assert.equal(await messages(visitor, "visitor").filter({ hasText: "where is my order A-1033" }).count(), 1);
});

test("several offers leave an agent room to work, on a phone too", { skip, timeout: 180_000 }, async () => {
  for (const text of ["ابي اكلم موظف، الطلب وصل ناقص وانا انتظر من امس احد يرد علي ويحل المشكلة", "i want to talk to a person please"]) {
    const visitor = await page("/");
    await openChat(visitor);
    await write(visitor, text);
    await id(visitor, "queue-card").waitFor();
  }
  const agent = await signedIn("sara@shop.example", { viewport: kPhone });
  await goOnline(agent);
  await until(async () => (await id(agent, "offer").count()) === 2, "both are offered");
  assert.equal(await id(agent, "offer-evidence").count(), 1, "only the first is told at length");
  const [first, second] = await id(agent, "offer").evaluateAll((cards) => cards.map((card) => card.getBoundingClientRect()));
  assert.ok(second.height < first.height, `${second.height} px beside ${first.height} px`);
  for (const { left, right } of [first, second]) assert.ok(left >= 0 && right <= kPhone.width, `${left} to ${right} px`);
  await shot(agent, "console-phone-offers");
  await axe(agent);
  await id(agent, "offer-accept").last().click();
  await until(async () => (await id(agent, "offer").count()) === 1, "one is accepted");
  await isWell(agent);
});
