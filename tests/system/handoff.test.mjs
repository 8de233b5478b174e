// From an upset customer to a person and back, with two people at the desk who may collide.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { addAgents, Agent, botFolder, cleanUp, Server, signIn, sleep, Visitor, waitingVisitor, waslAsync, within } from "./harness.mjs";

const started = [];
after(() => cleanUp([...started].reverse()));

/** A server of its own with the agents Aisha and Badr (both serve orders in both languages). */
async function desk(edits = {}, agents = [{}, {}]) {
  const bot = botFolder(edits);
  const server = await Server.start(bot);
  started.push(server);
  const names = ["Aisha", "Badr", "Carim"];
  const accounts = agents.map((more, i) => ({
    email: `${names[i].toLowerCase()}@shop.example`,
    name: names[i],
    ...more,
  }));
  await addAgents(bot, ...accounts);
  return {
    server,
    bot,
    async agent(name, options) {
      const one = await Agent.open(server, `${name.toLowerCase()}@shop.example`, options);
      started.push(one);
      return one;
    },
    async visitor(hello) {
      const one = await Visitor.open(server, hello);
      started.push(one);
      return one;
    },
    async waiting(text, hello) {
      const one = await waitingVisitor(server, text, hello);
      started.push(one);
      return one;
    },
  };
}
const said = (text) => (frame) => frame.kind === "message" && frame.body.text === text;

test("an angry customer in dialect reaches a person who knows why, and comes back", async () => {
  const own = await desk();
  const visitor = await own.visitor({ locale: "ar", page: "https://shop.example/cart" });
  await visitor.ask("وين طلبي يا كلاب!!!");
  await visitor.say("خدمة خرا وانت ما تفهم يا حمار!!!");
  const waiting = await visitor.waitForState("waiting");
  const queued = await visitor.waitFor((frame) => frame.answer === "handoff.queued");
  assert.equal(queued.from, "system");
  const card = await visitor.waitFor((frame) => frame.type === "queue");
  assert.equal(card.position, 1);
  assert.deepEqual(new Set(card.options.map(({ id }) => id)), new Set(["leave_message", "callback", "bot", "cancel"]));

  // What is written while waiting joins the packet; the bot is silent.
  const joined = await visitor.say("رقم الطلب A-1032");
  await visitor.nothing((frame) => frame.from === "bot", { ms: 300 });

  const agent = await own.agent("Aisha");
  const offer = await agent.offerOf(visitor.conversation);
  assert.equal(offer.reason, "angry");
  assert.equal(offer.language, "ar");
  assert.equal(offer.summary.length, 2);
  assert.ok(offer.waited_ms >= 0);
  assert.ok(Date.parse(offer.deadline_at) > Date.now());
  assert.ok(offer.evidence.some(({ signal, text, seq, weight }) => {
    return signal === "profanity" && text.includes("حمار") && seq > 0 && weight > 0;
  }));
  const accepted = await agent.command("accept", { conversation: visitor.conversation, epoch: offer.epoch });
  assert.ok(accepted.epoch > offer.epoch);
  await visitor.waitForState("human");
  const owner = await visitor.waitFor((frame) => frame.type === "owner" && frame.kind === "agent");
  assert.equal(owner.name, "Aisha");
  const intro = await visitor.waitFor((frame) => frame.answer === "handoff.agent_joined");
  assert.match(intro.text, /Aisha/);

  await agent.command("open", { conversation: visitor.conversation, last_seq: 0 });
  const packet = await agent.waitFor((frame) => frame.type === "packet");
  assert.equal(packet.conversation, visitor.conversation);
  assert.equal(packet.reason, "angry");
  assert.ok(packet.intents.includes("track_order"));
  assert.equal(packet.page, "https://shop.example/cart");
  assert.ok(packet.handoff_seq >= waiting.seq);
  assert.ok(packet.mood.some(({ anger }) => anger > 0.5));
  assert.ok(packet.tried.some(({ answer }) => answer === "track_order.ask_order_number"));
  await agent.eventOf(visitor.conversation, said("رقم الطلب A-1032"));
  const events = agent.frames.filter(({ type, conversation }) => type === "event" && conversation === visitor.conversation);
  const numbers = events.map(({ seq }) => seq);
  assert.deepEqual(numbers, [...new Set(numbers)].sort((a, b) => a - b), "the transcript is in order, once");
  assert.ok(events.some((event) => event.kind === "escalation" && event.body.reason === "angry"));
  assert.ok(numbers.includes(joined.seq));

  // Both ways, without the bot.
  const reply = await agent.act("say", visitor.conversation, { text: "معك عائشة، أعتذر عمّا حدث." });
  const heard = await visitor.waitFor((frame) => frame.type === "message" && frame.from === "agent");
  assert.equal(heard.text, "معك عائشة، أعتذر عمّا حدث.");
  assert.equal(heard.name, "Aisha");
  assert.equal(heard.seq, reply.seq);
  const { seq } = await visitor.say("وين طلبي");
  await agent.eventOf(visitor.conversation, (frame) => frame.seq === seq && frame.from === "visitor");
  await agent.act("note", visitor.conversation, { text: "customer is very upset" });
  await agent.eventOf(visitor.conversation, ({ kind }) => kind === "note");
  await visitor.nothing((frame) => frame.seq > seq && frame.type === "message", { ms: 500, from: 0 });

  // Back to the bot: it answers again and remembers the language.
  await agent.act("return_to_bot", visitor.conversation, { reason: "routine" });
  await visitor.waitFor((frame) => frame.type === "state" && frame.state === "bot" && frame.seq > seq);
  assert.equal((await visitor.ask("وين طلبي A-1033")).answer, "track_order.preparing");
  // Asking for a person now goes straight to the queue.
  const asked = await visitor.say("أريد التحدث مع موظف");
  await visitor.waitFor((frame) => frame.type === "state" && frame.state === "waiting" && frame.seq > asked.seq);
  await agent.close();
});

// A pattern reads both, whatever the classifier has learned: the second says the same again, with an
// insult: reason enough to offer a person, not to call one.
const kPlain = "اريد تتبع الطلب A-1032";
const kUpset = "اريد تتبع الطلب A-1032 يا كلاب!!!";

test("a customer who rages instead of answering the offer is not argued with: a person comes", async () => {
  const own = await desk();
  const visitor = await own.visitor({ locale: "ar" });
  await visitor.ask(kPlain, ({ answer }) => answer === "track_order.shipped");
  const { seq } = await visitor.say(kUpset);
  await visitor.answer(seq, ({ answer }) => answer === "handoff.offer");
  const rage = await visitor.say("خدمة خرا وانت ما تفهم يا حمار!!!");
  const next = await visitor.answer(rage.seq);
  assert.equal(next.answer, "handoff.queued", next.text);
  await visitor.waitForState("waiting");
});

test("the offer of a person: no leaves the bot in charge, yes brings one", async () => {
  const own = await desk();
  const visitor = await own.visitor({ locale: "ar" });
  await visitor.ask(kPlain, ({ answer }) => answer === "track_order.shipped");
  const { seq } = await visitor.say(kUpset);
  const offer = await visitor.answer(seq, ({ answer }) => answer === "handoff.offer");
  assert.deepEqual(offer.buttons.map(({ id }) => id), ["handoff:yes", "handoff:no"]);
  assert.equal((await visitor.press("handoff:no")).answer, "handoff.declined");
  assert.equal((await visitor.ask("وين طلبي A-1033", ({ answer }) => answer !== undefined)).answer, "track_order.preparing");

  const other = await own.visitor({ locale: "ar" });
  await other.ask(kPlain, ({ answer }) => answer === "track_order.shipped");
  const angry = await other.say(kUpset);
  await other.answer(angry.seq, ({ answer }) => answer === "handoff.offer");
  await other.press("handoff:yes", ({ answer }) => answer === "handoff.queued");
  await other.waitForState("waiting");
});

test("resolve, wrap up, done; a new message reopens with the person there", async () => {
  const own = await desk();
  const agent = await own.agent("Badr");
  const visitor = await own.waiting("I want to talk to a human", { locale: "en" });
  await agent.accept(visitor.conversation);
  const resolved = await agent.act("resolve", visitor.conversation, { outcome: "solved", note: "sent the link" });
  assert.ok(resolved.seq > 0);
  await agent.cardIn(visitor.conversation, "wrap_up");
  await agent.act("done", visitor.conversation);
  await agent.cardIn(visitor.conversation, "resolved");
  await visitor.waitForState("resolved");
  const again = await visitor.say("one more thing");
  await visitor.waitFor((frame) => frame.type === "state" && frame.state !== "resolved" && frame.seq > again.seq);
  await agent.close();
});

test("a resent command is answered the same and has one effect", async () => {
  const own = await desk();
  const agent = await own.agent("Badr");
  const visitor = await own.waiting("I want to talk to a human", { locale: "en" });
  const offer = await agent.offerOf(visitor.conversation);
  const ids = [randomUUID(), randomUUID()];
  const accept = { conversation: visitor.conversation, epoch: offer.epoch };
  const accepted = await agent.command("accept", accept, ids[0]);
  await agent.cardIn(visitor.conversation, "human");
  const say = { conversation: visitor.conversation, epoch: accepted.epoch, text: "just once" };
  const first = await agent.command("say", say, ids[1]);
  assert.deepEqual(await agent.command("say", say, ids[1]), first);
  assert.equal((await agent.command("accept", accept, ids[0])).seq, accepted.seq);
  const whole = await visitor.transcript(own.server);
  assert.equal(whole.filter(({ text }) => text === "just once").length, 1);
  await agent.close();
});

test("two agents claim: exactly one wins, the other is told that its epoch is stale", async () => {
  const { server, agent, waiting } = await desk();
  const [aisha, badr] = [await agent("Aisha"), await agent("Badr")];
  const both = [aisha, badr];
  for (let round = 0; round < 6; ++round) {
    const visitor = await waiting("I want to talk to a human", { locale: "en" });
    const id = visitor.conversation;
    const ringing = await Promise.race(both.map((one) => one.offerOf(id).then((offer) => ({ one, offer }))));
    const other = both.find((one) => one !== ringing.one);
    await other.cardIn(id, "offered");
    const { epoch } = ringing.offer;
    const claim = { conversation: id, epoch };
    // Odd rounds: both take. Even rounds: one accepts what rings, the other takes it.
    const first = ringing.one.command(round % 2 ? "take" : "accept", claim);
    const second = other.command("take", claim);
    const [a, b] = await Promise.allSettled(round % 3 ? [first, second] : [second, first]);
    const won = [a, b].filter(({ status }) => status === "fulfilled");
    const lost = [a, b].filter(({ status }) => status === "rejected");
    assert.equal(won.length, 1, `round ${round}: one wins`);
    assert.equal(lost[0].reason.code, "stale_epoch");
    assert.equal(lost[0].reason.frame.conversation, id);

    await visitor.waitForState("human");
    const owners = (await Promise.all(both.map((one) => one.cardIn(id, "human")))).map(({ owner }) => owner.id);
    assert.equal(owners[0], owners[1]);
    const winner = both.find((one) => one.who.id === owners[0]);
    const loser = both.find((one) => one !== winner);
    // The loser cannot speak, not even at the right epoch.
    await assert.rejects(loser.act("say", id, { text: "me too" }), ({ code }) => code === "not_owner");
    await winner.act("say", id, { text: "I am here" });
    const intro = await visitor.waitFor((frame) => frame.answer === "handoff.agent_joined");
    assert.match(intro.text, new RegExp(winner.who.name));
    const whole = await visitor.transcript(server);
    assert.equal(whole.filter(({ answer }) => answer === "handoff.agent_joined").length, 1);
    assert.ok(!whole.some(({ text }) => text === "me too"));
    await winner.act("resolve", id, { outcome: "solved" });
    await winner.cardIn(id, "wrap_up");
    await winner.act("done", id);
    await visitor.close();
  }
  await assert.rejects(aisha.command("take", { conversation: "no-such", epoch: 1 }), ({ code }) => {
    return code === "unknown_conversation";
  });
});

test("declined: rings at the other agent, at a later epoch", async () => {
  const { agent, waiting } = await desk();
  const both = [await agent("Aisha"), await agent("Badr")];
  const visitor = await waiting("I want to talk to a human", { locale: "en" });
  const id = visitor.conversation;
  const first = await Promise.race(both.map((one) => one.offerOf(id).then((offer) => ({ one, offer }))));
  const other = both.find((one) => one !== first.one);
  await first.one.command("decline", { conversation: id, epoch: first.offer.epoch, reason: "busy" });
  const offer = await other.offerOf(id);
  assert.ok(offer.epoch > first.offer.epoch);
  assert.ok(offer.waited_ms >= first.offer.waited_ms, "its age is kept");
  await assert.rejects(
    first.one.command("accept", { conversation: id, epoch: first.offer.epoch }),
    ({ code }) => code === "stale_epoch",
  );
  await other.command("accept", { conversation: id, epoch: offer.epoch });
  await visitor.waitForState("human");
});

test("an offer nobody answers rings again elsewhere; two misses set an agent away", async () => {
  const { agent, waiting } = await desk({ "handoff.yml": (text) => text.replace("offer: 30s", "offer: 2s") });
  const aisha = await agent("Aisha");
  const visitor = await waiting("I want to talk to a human", { locale: "en" });
  const id = visitor.conversation;
  const missed = await aisha.offerOf(id);
  const badr = await agent("Badr");
  const withdrawn = await aisha.waitFor((frame) => frame.type === "offer_withdrawn" && frame.conversation === id);
  assert.ok(withdrawn.epoch > missed.epoch);
  const offer = await badr.offerOf(id);
  assert.ok(offer.epoch > missed.epoch);
  await assert.rejects(aisha.command("accept", { conversation: id, epoch: missed.epoch }), ({ code }) => {
    return code === "stale_epoch";
  });
  // Nobody answers: it goes on ringing until both missed twice and are away; it still waits.
  for (const one of [aisha, badr]) {
    await badr.waitFor(
      (frame) => frame.type === "presence" && frame.agent === one.who.id && frame.state === "away",
      { ms: 30_000 },
    );
  }
  await badr.cardIn(id, "queued");
  await badr.presence("online");
  await badr.accept(id, { from: badr.frames.length });
  await visitor.waitForState("human");
});

test("a full agent is offered nothing until a slot is free", async () => {
  const { agent, waiting } = await desk({}, [{ capacity: 1 }]);
  const aisha = await agent("Aisha");
  const [one, two] = [await waiting("I want to talk to a human"), await waiting("I want to talk to a human")];
  await aisha.accept(one.conversation);
  const place = await two.waitFor((frame) => frame.type === "queue" && frame.position === 1);
  assert.ok(place);
  await aisha.nothing((frame) => frame.type === "offer", { ms: 1500 });
  await aisha.act("resolve", one.conversation, { outcome: "solved" });
  await aisha.cardIn(one.conversation, "wrap_up");
  await aisha.nothing((frame) => frame.type === "offer", { ms: 500 });
  await aisha.act("done", one.conversation);
  await aisha.accept(two.conversation);
  await two.waitForState("human");
});

test("an agent who is away or does not speak the language is not rung", async () => {
  const { agent, waiting } = await desk({}, [{ languages: "en" }, { languages: "ar" }]);
  const [english, arabic] = [await agent("Aisha"), await agent("Badr")];
  const visitor = await waiting("أريد التحدث مع موظف من فضلك", { locale: "ar" });
  await arabic.accept(visitor.conversation);
  await arabic.presence("away");
  const next = await waiting("أريد التحدث مع موظف من فضلك", { locale: "ar" });
  await arabic.nothing((frame) => frame.type === "offer", { ms: 1200 });
  assert.ok(!english.frames.some(({ type }) => type === "offer"));
  await arabic.presence("online");
  await arabic.accept(next.conversation, { from: 0 });
});

test("an offer of an agent who goes offline rings at the next one", async () => {
  const { agent, waiting } = await desk();
  const aisha = await agent("Aisha");
  const visitor = await waiting("I want to talk to a human");
  await aisha.offerOf(visitor.conversation);
  const badr = await agent("Badr");
  await aisha.presence("offline");
  await badr.accept(visitor.conversation);
});

test("outside hours: promised, with a ticket and the opening time; the bot goes on helping", async () => {
  // Open on one weekday only, five days from now.
  const day = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"][(new Date().getUTCDay() + 5) % 7];
  const { agent, visitor } = await desk({
    "handoff.yml": (text) => text.replace("hours: always", `hours:\n  zone: Asia/Riyadh\n  week: {${day}: ["09:00-17:00"]}`),
  });
  const aisha = await agent("Aisha");
  const one = await visitor({ locale: "en", timezone: "Europe/Berlin" });
  assert.equal(one.welcome.hours.open, false);
  assert.ok(Date.parse(one.welcome.hours.next_open_at) > Date.now());
  const { seq } = await one.say("I want to talk to a human");
  await one.waitForState("promised");
  const told = await one.answer(seq, ({ answer }) => answer === "handoff.promised");
  const ticket = /W-[A-Z0-9]{6}/.exec(told.text)?.[0];
  assert.ok(ticket, told.text);
  await aisha.nothing((frame) => frame.type === "offer", { ms: 1000 });
  assert.equal((await one.ask("where is my order A-1033")).answer, "track_order.preparing");
  // Asked again: the same ticket, never a second one.
  const again = await one.ask("I want to talk to a human");
  assert.match(again.text, new RegExp(ticket));
});

test("the queue: places by age, and what the visitor may choose", async () => {
  const { server, agent, waiting } = await desk();
  const first = await waiting("I want to talk to a human", { locale: "en" });
  const second = await waiting("I want to talk to a human", { locale: "en" });
  const third = await waiting("I want to talk to a human", { locale: "en" });
  assert.equal((await third.waitFor((frame) => frame.type === "queue")).position, 3);
  // The first gives up waiting: the others move up.
  await first.command({ type: "choose", option: "bot" });
  await first.waitFor((frame) => frame.type === "state" && frame.state === "bot");
  await third.waitFor((frame) => frame.type === "queue" && frame.position === 2);
  await second.command({ type: "choose", option: "callback", contact: "0501234567" });
  await second.waitForState("promised");
  await third.waitFor((frame) => frame.type === "queue" && frame.position === 1);
  // A resume tells the place again.
  const back = await Visitor.open(server, { visitor_token: third.token, last_seq: third.lastSeq });
  started.push(back);
  assert.equal(back.welcome.state, "waiting");
  assert.equal((await back.waitFor((frame) => frame.type === "queue")).position, 1);
  await first.say("I want to talk to a human");
  await first.waitFor((frame) => frame.type === "queue" && frame.position === 1);

  const aisha = await agent("Aisha");
  await aisha.accept(third.conversation);
  await aisha.accept(first.conversation);
  const contact = await aisha.command("open", { conversation: second.conversation, last_seq: 0 });
  assert.ok(contact);
  await aisha.eventOf(second.conversation, ({ kind }) => kind === "note");
});

test("a restart keeps the queue, the owner and the ages", async () => {
  const { server, bot, agent, waiting } = await desk();
  const aisha = await agent("Aisha");
  const served = await waiting("I want to talk to a human", { locale: "en" });
  await aisha.accept(served.conversation);
  await aisha.presence("away");
  const queued = await waiting("I want to talk to a human", { locale: "en" });
  const { waiting_since: since } = await aisha.cardIn(queued.conversation, "queued");
  await sleep(300);
  await server.kill();

  const next = await Server.start(bot);
  started.push(next);
  const again = await Agent.open(next, "aisha@shop.example", { online: false });
  started.push(again);
  assert.equal(again.cards.get(served.conversation).state, "human");
  assert.equal(again.cards.get(served.conversation).owner.id, aisha.who.id);
  assert.equal(again.cards.get(queued.conversation).waiting_since, since);
  await again.act("say", served.conversation, { text: "back again" });
  await again.presence("online");
  const offer = await again.accept(queued.conversation);
  assert.ok(offer.waited_ms >= 300);
  const back = await Visitor.open(next, { visitor_token: served.token, last_seq: served.lastSeq });
  started.push(back);
  assert.equal(back.welcome.state, "human");
  await back.waitFor((frame) => frame.text === "back again");
});

test("a supervisor takes over: the agent's late reply is refused", async () => {
  const { agent, waiting } = await desk({}, [{}, { role: "supervisor" }]);
  const aisha = await agent("Aisha");
  const visitor = await waiting("I want to talk to a human", { locale: "en" });
  await aisha.accept(visitor.conversation);
  const { epoch } = aisha.cards.get(visitor.conversation);
  const badr = await agent("Badr", { online: false });
  await badr.act("take", visitor.conversation);
  await badr.waitFor((frame) => frame.type === "conversation" && frame.owner.id === badr.who.id);
  const late = aisha.command("say", { conversation: visitor.conversation, epoch, text: "too late" });
  await assert.rejects(late, ({ code }) => code === "stale_epoch");
  // After the refusal the agent is told how things are now.
  const card = await aisha.waitFor((frame) => frame.type === "conversation" && frame.owner.id === badr.who.id);
  assert.ok(card.epoch > epoch);
  await badr.act("say", visitor.conversation, { text: "This is Badr." });
  const heard = await visitor.waitFor((frame) => frame.type === "message" && frame.from === "agent");
  assert.equal(heard.name, "Badr");
  assert.ok(!visitor.messages.some(({ text }) => text === "too late"));
});

test("an agent whose connection is lost: after the grace the customer goes to another", async () => {
  const { agent, waiting } = await desk({ "handoff.yml": (text) => text.replace("agent_lost: 60s", "agent_lost: 2s") });
  const aisha = await agent("Aisha");
  const visitor = await waiting("I want to talk to a human", { locale: "en" });
  await aisha.accept(visitor.conversation);
  const badr = await agent("Badr");
  await aisha.drop();
  const offer = await badr.accept(visitor.conversation, { ms: 20_000 });
  assert.equal(offer.conversation, visitor.conversation);
  const intros = () => visitor.messages.filter(({ answer }) => answer === "handoff.agent_joined");
  await visitor.waitFor(() => intros().length === 2);
  assert.match(intros()[1].text, /Badr/);
});

test("an agent who forgets a customer loses them to the queue", async () => {
  const { agent, waiting } = await desk({ "handoff.yml": (text) => text.replace("reply_owed: 180s", "reply_owed: 2s") });
  const aisha = await agent("Aisha");
  const visitor = await waiting("I want to talk to a human", { locale: "en" });
  await aisha.accept(visitor.conversation);
  const { seq } = await visitor.say("hello? anybody?");
  const owed = await aisha.waitFor((frame) => frame.type === "conversation" && frame.owed_since);
  assert.equal(owed.state, "human");
  await visitor.waitFor((frame) => frame.type === "state" && frame.state === "waiting" && frame.seq > seq);
});

test("an account that is disabled loses its desk at once", async () => {
  const { bot, server, agent, waiting } = await desk();
  const [aisha, badr] = [await agent("Aisha"), await agent("Badr", { online: false })];
  const visitor = await waiting("I want to talk to a human");
  await aisha.accept(visitor.conversation);
  const run = await waslAsync(["agents", "disable", "--bot", bot, "--email", "aisha@shop.example"]);
  assert.equal(run.code, 0);
  assert.equal((await signIn(server, "aisha@shop.example")).status, 401);
  // Her conversation goes back to the queue and to somebody who is there.
  await badr.presence("online");
  await badr.accept(visitor.conversation);
  // Her open desk is closed: nothing of any customer reaches it any more.
  assert.equal((await within(aisha.closed, () => "her desk to be closed")).code, 1008);
});

test("a case is passed on to a colleague, put aside, and assigned by a supervisor", async () => {
  const own = await desk({}, [{}, {}, { role: "supervisor" }]);
  const aisha = await own.agent("Aisha");
  const visitor = await own.waiting("I want to talk to a human", { locale: "en" });
  const id = visitor.conversation;
  await aisha.accept(id);
  const [badr, carim] = [await own.agent("Badr"), await own.agent("Carim", { online: false })];

  const reason = "Badr knows this carrier";
  for (const [fields, code] of [
    [{ reason }, "bad_message"],
    [{ to: { agent: "nobody" }, reason }, "unknown_agent"],
    [{ to: { team: "nobody" }, reason }, "unknown_team"],
    [{ to: { agent: aisha.who.id }, reason }, "not_allowed"],
  ]) {
    await assert.rejects(aisha.act("transfer", id, fields), { code });
  }
  await assert.rejects(badr.act("transfer", id, { to: { team: "general" }, reason }), { code: "not_owner" });
  await aisha.act("transfer", id, { to: { agent: badr.who.id }, reason });
  await visitor.waitFor((frame) => frame.answer === "handoff.transferred");
  await badr.accept(id);
  await badr.command("open", { conversation: id, last_seq: 0 });
  await badr.eventOf(id, ({ kind, body }) => kind === "note" && body.text === reason);
  await badr.eventOf(id, ({ kind, body }) => kind === "state" && body.target === `agent:${badr.who.id}`);

  await assert.rejects(badr.act("snooze", id, { until: "2020-01-01T00:00:00Z" }), { code: "bad_message" });
  const until = new Date(Date.now() + 3_600_000).toISOString();
  await badr.act("snooze", id, { until });
  assert.equal((await badr.cardIn(id, "snoozed")).snoozed_until, until);
  await visitor.say("any news?");
  await badr.cardIn(id, "human");

  await assert.rejects(badr.act("assign", id, { agent: aisha.who.id }), { code: "not_allowed" });
  await assert.rejects(badr.command("monitor", { conversation: id, last_seq: 0 }), { code: "not_allowed" });
  await carim.command("monitor", { conversation: id, last_seq: 0 });
  await carim.waitFor((frame) => frame.type === "packet" && frame.conversation === id);
  const { epoch } = carim.cards.get(id);
  const assigned = await carim.act("assign", id, { agent: aisha.who.id });
  assert.equal(assigned.epoch, epoch + 1);
  await assert.rejects(badr.command("say", { conversation: id, epoch, text: "too late" }), { code: "stale_epoch" });
  await visitor.waitFor((frame) => frame.type === "owner" && frame.name === "Aisha" && frame.seq >= assigned.seq);
});
