// Connections that are open and yet dead: readers who never read, machines that vanished without a
// word.  Each costs a bounded amount, is noticed in time, and misses nothing when it comes back.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { addAgents, Agent, botFolder, cleanUp, Server, signIn, sleep, until, Visitor, within } from "./harness.mjs";
import { frame, kPing, kText, RawSocket } from "./raw_socket.mjs";
import { kInFlight, kUnlimited, Story } from "./story.mjs";

const kSilence = 3; // seconds, in wasl.yml
const kNoticedMs = 45_000; // by then, on a busy machine too
let server;
const open = [];
before(async () => {
  const bot = botFolder({
    "wasl.yml": (text) =>
      kUnlimited(text).replace("connections_per_address: 50", `connections_per_address: 500\n  silence: ${kSilence}s`),
    "handoff.yml": (text) => text.replace("agent_lost: 60s", "agent_lost: 1s"),
  });
  server = await Server.start(bot);
  await addAgents(bot, { email: "sami@shop.example", name: "Sami" }, { email: "mona@shop.example", name: "Mona" });
});
after(() => cleanUp(open, server));

const residentKb = (one) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${one.process.pid}/status`, "utf8"))[1]);
const hello = (fields) => frame(kText, JSON.stringify({ type: "hello", locale: "en", ...fields }));

test("20 readers who never read: bounded memory, cut off; the others go on; a resume misses nothing", { timeout: 120_000 }, async (t) => {
  const kReaders = 20;
  const kMessages = 1020;
  // Silence is forgiven for a minute here: what cuts them off is their full outbox.
  const own = await Server.start(botFolder({ "wasl.yml": kUnlimited }));
  open.push(own);
  const story = await Story.begin(own);
  const line = await story.open(own);
  open.push(line);
  await story.say(line);
  const dead = await Promise.all(
    Array.from({ length: kReaders }, async () => {
      const one = await RawSocket.open(own);
      one.send(hello({ visitor_token: story.token }));
      await one.until(() => one.texts().length > 0, "the welcome");
      one.socket.pause();
      return one;
    }),
  );
  const before = residentKb(own);
  let most = before;
  // Each message goes to every one of them: 8 MB in all, more than the kernel's buffers and ours hold.
  const long = "ا".repeat(3900);
  let asked = 0;
  for (let i = 0; i < kMessages; i += kInFlight) {
    await Promise.all(Array.from({ length: kInFlight }, () => story.say(line, long)));
    if (i % (10 * kInFlight) === 0) {
      const other = await Visitor.open(own, { locale: "en" }); // served meanwhile
      assert.equal((await other.ask("hello")).answer, "greet.hello");
      await other.close();
      ++asked;
    }
    most = Math.max(most, residentKb(own));
  }
  assert.equal(line.over, undefined, "who reads is not cut off");
  // A reader's share: outbox_bytes_max and what is being written, with what the allocator rounds up.
  const share = (most - before) / kReaders;
  t.diagnostic(`${Math.round(share)} KB a reader at most, ${story.said.size} messages, ${asked} answers to others meanwhile`);
  assert.ok(share < 4096, `${share} KB a dead reader`);

  // They read at last: what is told is a beginning without a gap, then 1013 or the end.
  await story.settle(line);
  const whole = await story.whole(own);
  const all = whole.messages.map(({ seq }) => seq);
  await whole.close();
  for (const one of dead.slice(0, 3)) {
    one.socket.resume();
    const code = await one.ended(20_000);
    assert.ok(code === 1013 || code === undefined, `cut off with ${code}`);
    const told = one.texts().map((text) => JSON.parse(text)).filter(({ type }) => type === "message").map(({ seq }) => seq);
    assert.ok(told.length < all.length, "it was cut off");
    assert.deepEqual(told, all.slice(0, told.length), "a beginning without a gap");
    // And the rest comes to whoever asks from there.
    const back = await Visitor.open(own, { visitor_token: story.token, last_seq: told.at(-1) ?? 0 });
    await until(() => back.lastSeq >= all.at(-1) || back.over, "the rest", 30_000);
    assert.deepEqual(back.messages.map(({ seq }) => seq), all.slice(told.length), "nothing is missing, nothing comes twice");
    await back.close();
  }
  for (const one of dead) one.close();
  await story.finish(own, 60_000);
});

test("a visitor's machine answers no pings: the connection ends, the conversation waits", { timeout: 60_000 }, async () => {
  const one = await RawSocket.open(server); // knows nothing of pongs
  one.send(hello());
  const welcome = JSON.parse(await one.until(() => one.texts()[0], "the welcome"));
  one.send(frame(kText, '{"type":"message","client_id":"a","text":"hello"}'));
  await one.until(() => one.texts().some((text) => text.includes('"ack"')), "the ack");
  await one.until(() => one.of(kPing).length > 0, "a ping of the server", kNoticedMs);
  await one.until(() => one.over, "the end", kNoticedMs);
  const back = await Visitor.open(server, { visitor_token: welcome.visitor_token, last_seq: 0 });
  open.push(back);
  await back.waitFor(({ answer }) => answer === "greet.hello");
});

test("a stopped process, its kernel still awake: noticed all the same", { timeout: 60_000 }, async () => {
  const script = `import WebSocket from "ws";
    const one = new WebSocket("ws://127.0.0.1:${server.port}/chat");
    one.on("open", () => one.send('{"type":"hello"}'));
    one.on("message", () => console.log("welcomed"));
    one.on("close", (code) => { console.log("closed " + code); process.exit(0); });`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"], cwd: new URL("..", import.meta.url) });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (out += text));
  try {
    await until(() => out.includes("welcomed"), "the child is welcomed");
    const sockets = () => readFileSync("/proc/net/tcp", "utf8").split("\n").filter((row) => localPort(row) === server.port && / 01 /.test(row)).length;
    const before = sockets();
    child.kill("SIGSTOP");
    await until(() => sockets() < before, "the server lets it go", kNoticedMs);
    child.kill("SIGCONT");
    await until(() => /closed \d+/.test(out), "the child notices");
  } finally {
    child.kill("SIGKILL");
  }
});
const localPort = (row) => parseInt(/^ *\d+: [0-9A-F]+:([0-9A-F]{4})/.exec(row)?.[1] ?? "0", 16);

test("who pings and answers pings stays, however long", { timeout: 60_000 }, async () => {
  const one = await Visitor.open(server, { locale: "en" }); // the library answers pings
  await sleep(2.5 * kSilence * 1000);
  assert.equal(one.over, undefined);
  assert.equal((await one.ask("hello")).answer, "greet.hello");
  await one.close();
});

test("an agent's machine vanishes: the customer is back in the queue and another one serves", { timeout: 90_000 }, async () => {
  const { token } = await (await signIn(server, "sami@shop.example")).json();
  const sami = await RawSocket.open(server, "/desk");
  const frames = () => sami.texts().map((text) => JSON.parse(text));
  sami.send(frame(kText, JSON.stringify({ type: "hello", token })));
  await sami.until(() => frames().some(({ type }) => type === "snapshot"), "the desk");
  sami.send(frame(kText, '{"type":"presence","state":"online","client_id":"p"}'));
  await sami.until(() => frames().some(({ client_id: id }) => id === "p"), "online");
  const one = await Visitor.open(server, { locale: "en" });
  open.push(one);
  await one.say("I want to talk to a human");
  const offer = await sami.until(() => frames().find(({ type }) => type === "offer"), "the offer");
  const { conversation, epoch } = offer;
  sami.send(frame(kText, JSON.stringify({ type: "accept", client_id: "a", conversation, epoch })));
  await one.waitForState("human");
  // From here on nothing is heard of Sami, and nothing closes his socket.
  const from = one.frames.length;
  await one.waitFor(({ type, state }) => type === "state" && state === "waiting", { from, ms: kNoticedMs, what: "back in the queue" });
  const mona = await Agent.open(server, "mona@shop.example");
  open.push(mona);
  await mona.accept(conversation);
  await mona.act("say", conversation, { text: "I go on from here" });
  await one.waitFor((message) => message.from === "agent" && message.name === "Mona");
  await within(sami.ended(), () => "Sami's socket to be ended");
});
