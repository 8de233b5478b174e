// A desk with everything going on at once, for faults to hit: visitors who pour, an agent who
// writes, people who ask for a person and are served, business calls, a messenger.  After each
// restart it checks what must have survived.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { startTelegram } from "../emulators/telegram.mjs";
import { addAgents, Agent, botFolder, Server, sleep, until, Visitor } from "./harness.mjs";
import { kUnlimited, Story } from "./story.mjs";

const kToken = "123:test-token";
const kSecret = "hook-secret";
const kVisitors = 3;
const kSaysInFlight = 3;
const kSami = "sami@shop.example"; // speaks Arabic, serves one: the Arabic queue stands still
const kMona = "mona@shop.example"; // speaks English, serves whoever comes

/** Takes the errors of a server that dies meanwhile, and no others. */
const gone = (server) => async (error) => {
  await Promise.race([server.ended, sleep(2000)]);
  if (!server.over) throw error;
};

export class BusyDesk {
  static async open() {
    const desk = new BusyDesk();
    desk.telegram = await startTelegram({ token: kToken, secret: kSecret });
    const channel = `\n  support-telegram:\n    type: telegram\n    token: "${kToken}"\n    secret: ${kSecret}\n    api: ${desk.telegram.url}\n`;
    desk.bot = botFolder({
      "wasl.yml": (text) => kUnlimited(text).replace("\nlimits:", `${channel}\nlimits:`),
      "handoff.yml": (text) =>
        ["offer", "agent_lost", "reply_owed", "alternatives"].reduce(
          (all, timer) => all.replace(new RegExp(`\\n  ${timer}: \\w+`), `\n  ${timer}: 1h`),
          text.replace(/wrap_up: \w+/, "wrap_up: 1s"),
        ),
    });
    await desk.start();
    await addAgents(
      desk.bot,
      { email: kSami, name: "Sami", languages: "ar", capacity: 1 },
      { email: kMona, name: "Mona", languages: "en", capacity: 50 },
    );
    await desk.#seat();
    return desk;
  }

  stories = [];
  says = []; // of Sami: {clientId, text, seq: once acknowledged}
  churned = []; // English visitors who asked for a person: {token, clientId, seq}
  errands = []; // stories of one question that needs a business call
  chats = []; // of the messenger
  pushed = []; // its updates, each settled once a server took it
  waiting = []; // tokens, in the order of the queue

  async start(env) {
    this.server = await Server.start(this.bot, { env });
    this.telegram.webhookUrl = `${this.server.url}/channels/support-telegram`;
  }
  async close() {
    if (!this.server.over) await this.server.kill();
    await this.telegram.close();
  }

  /** One Arabic customer is Sami's, two more wait for him. */
  async #seat() {
    const sami = await Agent.open(this.server, kSami);
    for (let i = 0; i < 3; ++i) {
      const one = await Visitor.open(this.server, { locale: "ar" });
      await one.say("أريد التحدث مع موظف من فضلك");
      await one.waitForState("waiting");
      if (i === 0) {
        await sami.accept(one.conversation);
        this.owned = { token: one.token, conversation: one.conversation, epoch: sami.cards.get(one.conversation).epoch };
      } else {
        this.waiting.push(one.token);
      }
      await one.close();
    }
    await sami.close();
  }

  async newStories() {
    this.stories = await Promise.all(Array.from({ length: kVisitors }, () => Story.begin(this.server)));
  }

  /** Everything at once until `goes()` is false or the server died. */
  async load(goes) {
    const { server } = this;
    const on = () => goes() && !server.over;
    this.#chat();
    const pour = async (story) => {
      const line = await story.open(server);
      await story.pour(line, on);
    };
    const all = [this.#write(on), this.#serve(on), this.#churn(), this.#run(), ...this.stories.map(pour)];
    const ended = Promise.all(all.map((one) => one.catch(gone(server))));
    await Promise.race([ended, server.ended, until(() => !on(), "the load to end", 60_000)]);
    return ended;
  }

  /** Sami writes to his customer. */
  async #write(on) {
    const sami = await Agent.open(this.server, kSami);
    while (on() && !sami.over) {
      for (const open = this.says.filter(({ seq }) => seq === undefined); open.length < kSaysInFlight; ) {
        const one = { clientId: randomUUID(), text: `سطر ${this.says.length}` };
        this.says.push(one);
        open.push(one);
        this.#say(sami, one).catch(() => {});
      }
      await sleep(2);
    }
  }
  async #say(sami, one) {
    const { conversation, epoch } = this.owned;
    const ack = await sami.command("say", { conversation, epoch, text: one.text }, one.clientId);
    if (one.seq !== undefined) assert.equal(ack.seq, one.seq, "a retry gets the same ack");
    one.seq = ack.seq;
  }

  /** Mona takes whoever is offered to her and is soon done. */
  async #serve(on) {
    const mona = await Agent.open(this.server, kMona);
    const busy = new Set();
    const serve = async (card) => {
      if (card.state === "offered") await mona.command("accept", { conversation: card.conversation, epoch: card.epoch });
      await mona.cardIn(card.conversation, "human");
      await mona.act("resolve", card.conversation, { outcome: "solved" });
    };
    while (on() && !mona.over) {
      for (const card of mona.cards.values()) {
        const hers = card.language === "en" && (card.state === "offered" || card.state === "human");
        const key = `${card.conversation} ${card.state}`;
        if (!hers || busy.has(card.conversation)) continue;
        busy.add(card.conversation);
        serve(card).catch((error) => (this.unserved = `${key}: ${error.message}`)).finally(() => busy.delete(card.conversation));
      }
      await sleep(5);
    }
  }

  /** One more customer asks for a person, another one for an order, a third over the messenger. */
  async #churn() {
    const one = { clientId: randomUUID() };
    const line = await Visitor.open(this.server, { locale: "en" });
    one.token = line.token;
    this.churned.push(one);
    one.seq = (await line.say("I want to talk to a human", { clientId: one.clientId })).seq;
  }
  async #run() {
    const story = await Story.begin(this.server);
    this.errands.push(story);
    const line = await story.open(this.server);
    await story.say(line, "where is my order A-1032");
  }
  #chat() {
    const chat = 1000 + this.chats.length;
    this.chats.push(chat);
    const update = this.telegram.textUpdate(chat, "how long does shipping take to jeddah");
    this.pushed.push(this.telegram.push(update)); // the emulator tries until a server takes it
  }

  get inFlight() {
    return this.stories.reduce((sum, { unacknowledged }) => sum + unacknowledged.length, 0);
  }

  /** After a restart without orders to die: what must have survived. */
  async check() {
    const { server } = this;
    for (const story of this.stories) {
      const line = await story.whole(server);
      story.check(line.messages);
      await line.close();
    }
    // Sami still owns his customer, and the queue stands as it stood.
    const sami = await Agent.open(server, kSami);
    const card = sami.snapshot.conversations.find(({ conversation }) => conversation === this.owned.conversation);
    assert.deepEqual([card.state, card.owner.name, card.epoch], ["human", "Sami", this.owned.epoch]);
    for (const [i, token] of this.waiting.entries()) {
      const line = await Visitor.open(server, { visitor_token: token, last_seq: 1000 });
      assert.equal(line.welcome.state, "waiting");
      const { position } = await line.waitFor(({ type }) => type === "queue");
      assert.equal(position, i + 1, "the place in the queue");
      await line.close();
    }
    // What he wrote is there once, in order; what was open is taken once.
    for (const one of this.says.slice(-2 * kSaysInFlight)) await this.#say(sami, one);
    await sami.close();
    const told = await Visitor.open(server, { visitor_token: this.owned.token, last_seq: 0 });
    const theirs = () => told.messages.filter(({ from }) => from === "agent");
    await until(() => theirs().length >= this.says.length, "all that Sami wrote");
    assert.deepEqual(theirs().map(({ seq, text }) => [seq, text]), this.says.map(({ seq, text }) => [seq, text]));
    await told.close();
    // The errand of this time is run.
    for (const story of this.errands.splice(0)) {
      const line = await story.whole(server);
      await story.settle(line);
      const [{ seq }] = story.said.size ? [...story.said.values()] : [{}];
      if (seq) await line.answer(seq, ({ answer }) => answer === "track_order.shipped");
      await line.close();
    }
  }

  /** The end: nobody is stuck, the messenger's customers were answered, once where we can know. */
  async finish() {
    const { server, telegram } = this;
    for (const story of this.stories) await story.finish(server);
    let going = true;
    const serving = this.#serve(() => going);
    for (const one of this.churned) {
      const line = await Visitor.open(server, { visitor_token: one.token, locale: "en", last_seq: 0 });
      const { seq } = await line.say("I want to talk to a human", { clientId: one.clientId });
      if (one.seq) assert.equal(seq, one.seq);
      await line.waitFor(({ type, state, seq: at }) => type === "state" && state === "resolved" && at > seq, { ms: 30_000 });
      await line.close();
    }
    going = false;
    await serving;
    await Promise.all(this.pushed);
    await until(() => this.chats.every((chat) => telegram.textsTo(chat).length >= 1), "every chat is answered", 30_000);
    const sami = await Agent.open(server, kSami);
    for (const card of sami.snapshot.conversations.filter(({ channel }) => channel === "support-telegram")) {
      await sami.command("open", { conversation: card.conversation, last_seq: 0 });
      const of = ({ type, conversation, kind }) => type === "event" && conversation === card.conversation && kind === "message";
      await sami.waitFor((frame) => of(frame) && frame.from === "bot" && /2 days/.test(frame.body.text));
      const own = sami.frames.filter((frame) => of(frame) && frame.from === "visitor");
      assert.equal(own.length, 1, "an update has one effect");
    }
    await sami.close();
    return { says: this.says.length, served: this.churned.length, chats: this.chats.length,
      sentTwice: this.chats.filter((chat) => telegram.textsTo(chat).length > 1).length };
  }
}
