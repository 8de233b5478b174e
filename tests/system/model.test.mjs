// A model that is missing, cut short, forged or changed: the server starts all the same, says so in
// its log and to whoever asks about its health, and serves with patterns and people.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { addAgents, botFolder, cleanUp, Server, Visitor, wasl } from "./harness.mjs";

const started = [];
after(() => cleanUp([...started].reverse()));
const inModel = (bot, file) => join(bot, "models", "intents", file);
const change = (file, edit) => writeFileSync(file, edit(readFileSync(file)));

/** What may have happened to a model between two starts. */
const damages = {
  "is missing": (bot) => rmSync(join(bot, "models"), { recursive: true }),
  "has no manifest": (bot) => rmSync(inModel(bot, "manifest")),
  "has an empty manifest": (bot) => writeFileSync(inModel(bot, "manifest"), ""),
  "has a manifest that is noise": (bot) => change(inModel(bot, "manifest"), (bytes) => bytes.map((byte) => byte ^ 0x5a)),
  "is empty": (bot) => truncateSync(inModel(bot, "classifier.bin"), 0),
  "is cut short": (bot) => change(inModel(bot, "classifier.bin"), (bytes) => bytes.subarray(0, bytes.length / 2)),
  "has one bit flipped": (bot) => change(inModel(bot, "classifier.bin"), (bytes) => ((bytes[bytes.length - 100] ^= 1), bytes)),
  "has a forged header": (bot) => change(inModel(bot, "classifier.bin"), (bytes) => (bytes.fill(0x7f, 8, 64), bytes)),
  "is longer than it was": (bot) => change(inModel(bot, "classifier.bin"), (bytes) => Buffer.concat([bytes, bytes])),
};

for (const [what, damage] of Object.entries(damages)) {
  test(`a model that ${what}: said so, and patterns and people serve`, { timeout: 60_000 }, async () => {
    const bot = botFolder();
    damage(bot);
    const server = await Server.start(bot);
    started.push(server);
    const ready = await (await server.get("/health/ready")).json();
    assert.notEqual(ready.model, "ok");
    assert.match(ready.model, /model/);
    assert.ok(!ready.model.includes(bot), "no path is told to strangers");
    await addAgents(bot, { email: "sami@shop.example", name: "Sami" });
    assert.match(server.log, /model/, "the log says so");
    const one = await Visitor.open(server, { locale: "en" });
    await one.ask("A-1032"); // some answer, from a pattern or a question back
    await one.say("I want to talk to a human");
    await one.waitForState("waiting");
    await one.close();
    assert.equal((await server.stop()).code, 0);
  });
}

test("an undamaged model is fine, and says nothing", async () => {
  const bot = botFolder();
  const server = await Server.start(bot);
  started.push(server);
  assert.equal((await (await server.get("/health/ready")).json()).model, "ok");
  assert.doesNotMatch(server.log, /model/);
  assert.equal(wasl(["understand", "--bot", bot], { input: "where is my order\n" }).code, 0);
});

test("a model that is damaged while it serves: nothing changes until the next start", { timeout: 60_000 }, async () => {
  const bot = botFolder();
  const server = await Server.start(bot);
  started.push(server);
  const ask = async () => {
    const one = await Visitor.open(server, { locale: "en" });
    const { answer } = await one.ask("how long does shipping take to jeddah");
    await one.close();
    return answer;
  };
  assert.equal(await ask(), "delivery_period.to_city");
  const before = createHash("sha256").update(readFileSync(inModel(bot, "classifier.bin"))).digest("hex");
  change(inModel(bot, "classifier.bin"), (bytes) => bytes.fill(0));
  assert.notEqual(createHash("sha256").update(readFileSync(inModel(bot, "classifier.bin"))).digest("hex"), before);
  assert.equal(await ask(), "delivery_period.to_city");
  rmSync(join(bot, "models"), { recursive: true });
  assert.ok(!existsSync(join(bot, "models")));
  assert.equal(await ask(), "delivery_period.to_city");
  assert.equal((await (await server.get("/health/ready")).json()).model, "ok");
});
