// A full disk and a read-only one, on a small file system of the test's own: messages are
// refused with a code and the time to wait, people read on, nothing acknowledged is lost, and once
// there is room again the server takes messages by itself.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { addAgents, Agent, botFolder, cleanUp, Server, tempFolder, until, Visitor } from "./harness.mjs";
import { kUnlimited, Story } from "./story.mjs";

const started = [];
const mounted = [];
after(async () => {
  await cleanUp([...started].reverse());
  for (const folder of mounted) spawnSync("umount", [folder]);
});

/** A file system of `size`; why there is none, when there is none. */
function mountSmall(size) {
  const folder = join(tempFolder(), "disk");
  mkdirSync(folder);
  const run = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size},mode=0700`, "tmpfs", folder], { encoding: "utf8" });
  if (run.error || run.status !== 0) return { why: `no file system can be mounted: ${(run.stderr ?? "").trim()}` };
  mounted.push(folder);
  return { folder };
}
const remount = (folder, how) => {
  const run = spawnSync("mount", ["-o", `remount,${how}`, folder], { encoding: "utf8" });
  assert.equal(run.status, 0, run.stderr);
};
const unable = mountSmall("64k").why;

async function desk(size) {
  const { folder } = mountSmall(size);
  const bot = botFolder({ "wasl.yml": kUnlimited, "handoff.yml": (text) => text.replace("reply_owed: 180s", "reply_owed: 1h") });
  const server = await Server.start(bot, { args: ["--store", `sqlite:${join(folder, "wasl.db")}`] });
  started.push(server);
  await addAgentsThere(bot, folder);
  return { bot, folder, server };
}
async function addAgentsThere(bot, folder) {
  process.env.WASL_STORE = `sqlite:${join(folder, "wasl.db")}`;
  await addAgents(bot, { email: "sami@shop.example", name: "Sami" }, { email: "mona@shop.example", name: "Mona" });
  delete process.env.WASL_STORE;
}
const ready = async (server) => {
  const answer = await server.get("/health/ready");
  return { status: answer.status, ...(await answer.json()) };
};

/** What holds while nothing can be written; the conversation is Sami's. */
async function holdsWhileFull({ server, story, line, owned, sami }) {
  // Refused with a code and the time to wait, in the customer's language; not made up, not stored.
  await until(async () => !(await story.say(line)), "a message is refused", 60_000);
  const refused = story.refused.at(-1);
  assert.equal(refused.code, "unavailable");
  assert.ok(refused.retry_after_ms > 0 && refused.text.length > 0 && refused.client_id);
  await until(async () => (await ready(server)).status === 503, "not ready");
  assert.equal((await ready(server)).store, "unavailable");
  assert.equal((await server.get("/health/live")).status, 200);
  assert.equal(await server.metric("wasl_store_healthy"), 0);
  // Nobody is thrown out: sockets live, transcripts and the desk can be read.
  line.send({ type: "ping" });
  await line.waitFor(({ type }) => type === "pong", { from: line.frames.length });
  const whole = await story.whole(server);
  story.check(whole.messages);
  await whole.close();
  await assert.rejects(sami.act("say", owned.conversation, { text: "not now" }), ({ code }) => code === "unavailable");
  const from = sami.frames.length;
  await sami.command("open", { conversation: owned.conversation, last_seq: 0 });
  await sami.waitFor(({ type, kind }) => type === "event" && kind === "message", { from });
  sami.send({ type: "ping" });
  await sami.waitFor(({ type }) => type === "pong", { from });
  const tab = await Visitor.open(server, { visitor_token: owned.token, last_seq: 0 });
  assert.equal(tab.welcome.owner.name, "Sami");
  await tab.close();
  assert.match(server.log, /commit failed|does not work|full|readonly/);
}

/** Once there is room: by itself, in seconds, and everything is as promised. */
async function recovers({ server, story, line, owned, sami }) {
  await until(async () => (await ready(server)).status === 200, "ready again", 15_000);
  await story.settle(line);
  await sami.act("say", owned.conversation, { text: "now it works" });
  const tab = await Visitor.open(server, { visitor_token: owned.token, last_seq: 0 });
  await tab.waitFor(({ from, text }) => from === "agent" && text === "now it works");
  assert.ok(!tab.messages.some(({ text }) => text === "not now"), "what was refused did not happen");
  await tab.close();
  await story.finish(server);
}

async function atWork(size) {
  const { bot, folder, server } = await desk(size);
  const sami = await Agent.open(server, "sami@shop.example");
  const owned = await Visitor.open(server, { locale: "ar" });
  await owned.say("أريد التحدث مع موظف من فضلك");
  await sami.accept(owned.conversation);
  const story = await Story.begin(server);
  const line = await story.open(server);
  started.push(sami, owned, line);
  for (let i = 0; i < 10; ++i) await story.say(line);
  return { bot, folder, server, sami, owned, story, line };
}

test("the disk is full, and has room again", { skip: unable ?? false, timeout: 120_000 }, async () => {
  const all = await atWork("3m");
  const filler = join(all.folder, "filler");
  const room = statfsSync(all.folder);
  writeFileSync(filler, Buffer.alloc(Math.max(0, room.bavail * room.bsize - 16 * 1024)));
  await holdsWhileFull(all);
  rmSync(filler);
  await recovers(all);
  assert.equal(all.server.over, undefined, "the process stayed up");
});

test("the disk is full when the server is killed: it starts once there is room", { skip: unable ?? false, timeout: 120_000 }, async () => {
  const all = await atWork("3m");
  const filler = join(all.folder, "filler");
  const room = statfsSync(all.folder);
  writeFileSync(filler, Buffer.alloc(Math.max(0, room.bavail * room.bsize - 32 * 1024)));
  await until(async () => !(await all.story.say(all.line)), "a message is refused", 60_000);
  await all.server.kill();
  rmSync(filler);
  const server = await Server.start(all.bot, { args: ["--store", `sqlite:${join(all.folder, "wasl.db")}`] });
  started.push(server);
  await all.story.finish(server);
});

test("a store on a read-only file system: exit 4 and one sentence", { skip: unable ?? false }, async () => {
  const { folder } = mountSmall("4m");
  const bot = botFolder();
  const args = ["--store", `sqlite:${join(folder, "wasl.db")}`];
  const first = await Server.start(bot, { args });
  await first.stop();
  cpSync(join(folder, "wasl.db"), join(folder, "copy.db"));
  remount(folder, "ro");
  await assert.rejects(Server.start(bot, { args }), /ended with 4: .*wasl: [^\n]*wasl\.db/);
  remount(folder, "rw");
  const again = await Server.start(bot, { args });
  started.push(again);
  assert.equal((await ready(again)).status, 200);
});
