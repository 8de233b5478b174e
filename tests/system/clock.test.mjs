// The machine's clock is set an hour forwards and backwards under a running server: offers, deadlines
// and the times people see go on as if nothing had happened.
import assert from "node:assert/strict";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { addAgents, Agent, botFolder, cleanUp, Server, signIn, sleep, tempFolder, until, Visitor } from "./harness.mjs";

const kHour = 3600_000;
const started = [];
after(() => cleanUp([...started].reverse()));

/** libfaketime where Debian puts it, for whatever processor. */
const library = readdirSync("/usr/lib")
  .map((folder) => join("/usr/lib", folder, "faketime/libfaketimeMT.so.1"))
  .find(existsSync);
const unable = library ? false : "libfaketime is not installed";

/** A server whose wall clock a file sets; its monotonic clock stays real, as on a real machine. */
class Clocked {
  static async open({ offer = "3s" } = {}) {
    const one = new Clocked();
    one.file = join(tempFolder(), "clock");
    one.set(0);
    one.bot = botFolder({ "handoff.yml": (text) => text.replace("offer: 30s", `offer: ${offer}`) });
    await one.start();
    await addAgents(one.bot, { email: "sami@shop.example", name: "Sami" });
    return one;
  }
  async start() {
    this.server = await Server.start(this.bot, {
      env: { LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: this.file, FAKETIME_DONT_FAKE_MONOTONIC: "1", FAKETIME_NO_CACHE: "1" },
    });
    started.push(this.server);
  }
  set(ms) {
    writeFileSync(this.file, `${ms < 0 ? "-" : "+"}${Math.abs(ms) / 1000}s\n`);
  }
  /** The jump arrived: a fresh line of the log, which is stamped by the wall clock, says so. */
  async jump(ms) {
    await this.server.get("/health/ready"); // it has taken hold of its signals by then
    this.set(ms);
    const before = this.server.log.length;
    await until(async () => {
      this.server.process.kill("SIGHUP"); // is logged
      await sleep(100);
      return this.server.log.slice(before).includes("SIGHUP") || /reload/i.test(this.server.log.slice(before));
    }, "a line of the log");
    const stamp = /^(\d{4}-\S+) .*(SIGHUP|reload)/im.exec(this.server.log.slice(before))[1];
    const off = Date.parse(stamp) - Date.now() - ms;
    assert.ok(Math.abs(off) < 600_000, `the log's clock jumped: ${stamp}`);
  }
}
const about = (at, what) => assert.ok(Math.abs(Date.parse(at) - Date.now()) < 600_000, `${what}: ${at}`);

for (const [name, jump] of [["forwards", kHour], ["backwards", -kHour]]) {
  test(`an hour ${name}: an offer rings on, ends in its time, and people see the right times`, { skip: unable, timeout: 90_000 }, async () => {
    const clocked = await Clocked.open();
    const { server } = clocked;
    const sami = await Agent.open(server, "sami@shop.example");
    const one = await Visitor.open(server, { locale: "en" });
    started.push(sami, one);
    await one.ask("hello");
    await one.say("I want to talk to a human");
    const offer = await sami.offerOf(one.conversation);
    about(offer.deadline_at, "the deadline");
    const rang = Date.now();
    await clocked.jump(jump);
    const jumped = sami.frames.length;
    const soon = Date.now() - rang < 1500;
    await sleep(500);
    const withdrawn = ({ type }) => type === "offer_withdrawn";
    if (soon) assert.ok(!sami.frames.slice(jumped).some(withdrawn), "it does not end with the jump");
    await sami.waitFor(withdrawn, { ms: 10_000 });

    // Everything stamped after the jump is stamped right.
    const { seq } = await one.say("are you there?");
    const whole = await one.transcript(server);
    for (const { at } of whole) about(at, "a message");
    assert.ok(whole.some((message) => message.seq === seq));
    const ats = whole.map(({ at }) => Date.parse(at));
    assert.deepEqual(ats, [...ats].sort((a, b) => a - b));
    // Sessions neither end nor last longer: signed in before, still signed in.
    const me = await server.get("/api/session", { headers: { Authorization: `Bearer ${sami.token}` } });
    assert.equal(me.status, 200);
    assert.equal((await signIn(server, "sami@shop.example")).status, 200);
    // He comes back to it and the next offer is accepted as ever.
    await sami.presence("offline");
    await sami.presence("online");
    await sami.accept(one.conversation, { from: jumped });
    await sami.act("say", one.conversation, { text: "here I am" });
    await one.waitFor((frame) => frame.from === "agent");
  });

  test(`restarted after an hour ${name}: who waited waits, is offered and served`, { skip: unable, timeout: 90_000 }, async () => {
    const clocked = await Clocked.open({ offer: "31s" });
    const sami = await Agent.open(clocked.server, "sami@shop.example", { online: false });
    const one = await Visitor.open(clocked.server, { locale: "en" });
    await one.say("I want to talk to a human");
    await one.waitForState("waiting");
    const before = one.lastSeq;
    await sami.close();
    await clocked.server.kill();
    clocked.set(jump);
    await clocked.start();
    const { server } = clocked;
    const back = await Visitor.open(server, { visitor_token: one.token, last_seq: before });
    const again = await Agent.open(server, "sami@shop.example");
    started.push(back, again);
    assert.ok(["waiting", "promised", "human"].includes(back.welcome.state), back.welcome.state);
    await again.accept(one.conversation);
    const { seq } = await back.say("hello at last");
    assert.ok(seq > before);
    await again.command("open", { conversation: one.conversation, last_seq: 0 });
    await again.eventOf(one.conversation, ({ from, body }) => from === "visitor" && body.text === "hello at last");
    await again.act("say", one.conversation, { text: "welcome back" });
    const { seq: last } = await back.waitFor((frame) => frame.from === "agent");
    assert.ok(last > seq, "order is by number, whatever the clock says");
  });
}
