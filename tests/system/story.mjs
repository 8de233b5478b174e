// What one visitor said under faults, and the comparison with what the server stored: everything
// acknowledged exactly once, under the number that was acknowledged, in the order of sending, and
// nothing ever changed afterwards.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { sleep, until, Visitor } from "./harness.mjs";

export const kInFlight = 12; // per story; a conversation has one commit under way at a time
// Cheap and harmless things to say: answered by the bot without a handoff.
const kTexts = ["hello", "thank you so much", "what are your opening hours today?", "السلام عليكم", "متى دوامكم"];

/** Edits of a bot folder that let a story pour. */
export const kUnlimited = (text) => text.replace(/messages_per_minute: \d+/, "messages_per_minute: 1000000");

export class Story {
  said = new Map(); // client_id → {clientId, text, order, seq: once acknowledged}
  refused = []; // error frames, of whatever was not taken
  #told = new Map(); // seq → what an earlier transcript said

  /** A new visitor; the conversation exists with the first message. */
  static async begin(server) {
    const line = await Visitor.open(server, { locale: "en" });
    const story = new Story();
    story.token = line.token;
    await line.close();
    return story;
  }

  open(server) {
    return Visitor.open(server, { locale: "en", visitor_token: this.token, last_seq: 0 });
  }

  /** What waits for its ack, in the order of sending. */
  get unacknowledged() {
    return [...this.said.values()].filter(({ seq }) => seq === undefined);
  }

  /** Keeps `kInFlight` messages waiting for their acks, until `goes()` is false. */
  async pour(line, goes) {
    this.resend(line);
    while (goes() && !line.over) {
      this.fill(line);
      await sleep(1);
    }
  }
  fill(line) {
    for (let missing = kInFlight - this.unacknowledged.length; missing > 0; --missing) this.say(line);
  }
  say(line, text = kTexts[this.said.size % kTexts.length]) {
    const one = { clientId: randomUUID(), text, order: this.said.size };
    this.said.set(one.clientId, one);
    return this.#send(line, one);
  }
  #send(line, one) {
    return line.say(one.text, { clientId: one.clientId }).then(
      ({ seq }) => {
        if (one.seq !== undefined) assert.equal(seq, one.seq, "the same ack again");
        one.seq = seq;
        return true;
      },
      (error) => {
        if (error.frame) this.refused.push(error.frame); // else the server died: sent again later
        return false;
      },
    );
  }
  resend(line) {
    return Promise.all(this.unacknowledged.map((one) => this.#send(line, one)));
  }

  /** Sends what is open until all of it is acknowledged, as a client does that was told to wait. */
  async settle(line, ms) {
    await until(async () => {
      await this.resend(line);
      const { retry_after_ms: wait = 0 } = this.refused.at(-1) ?? {};
      if (this.unacknowledged.length > 0) await sleep(Math.min(wait, 1000));
      return this.unacknowledged.length === 0 || line.over;
    }, "all is acknowledged", ms);
    assert.equal(line.over, undefined, JSON.stringify(line.over));
  }

  /** The latest messages once more: each must get the ack it got. */
  async repeat(line) {
    const last = [...this.said.values()].filter(({ seq }) => seq !== undefined).slice(-kInFlight);
    const acks = await Promise.all(last.map(({ clientId, text }) => line.say(text, { clientId })));
    assert.deepEqual(acks.map(({ seq }) => seq), last.map(({ seq }) => seq), "a retry gets the same ack");
  }

  /** A new tab that has read at least all that was acknowledged, or what came within 5 s. */
  async whole(server) {
    const line = await this.open(server);
    const told = () => new Set(line.messages.map(({ seq }) => seq));
    const complete = () => {
      const seqs = told();
      return [...this.said.values()].every(({ seq }) => seq === undefined || seqs.has(seq));
    };
    const end = Date.now() + 5000;
    while (!complete() && !line.over && Date.now() < end) await sleep(10);
    line.send({ type: "ping" });
    await line.waitFor(({ type }) => type === "pong");
    return line;
  }

  /** Compares a transcript with what was said; the number of own messages in it. */
  check(stored) {
    const numbers = stored.map(({ seq }) => seq);
    assert.deepEqual(numbers, [...new Set(numbers)].sort((a, b) => a - b), "in order, nothing twice");
    for (const { seq, from, text, answer, client_id } of stored) {
      const now = JSON.stringify([from, text, answer, client_id]);
      assert.equal(now, this.#told.get(seq) ?? now, "what was told once stays so, replies too");
      this.#told.set(seq, now);
    }
    const own = stored.filter(({ from }) => from === "visitor");
    const ids = own.map(({ client_id }) => client_id);
    assert.equal(new Set(ids).size, ids.length, "no message twice");
    const bySaid = new Map(own.map((message) => [message.client_id, message]));
    for (const { clientId, seq, text } of this.said.values()) {
      const message = bySaid.get(clientId);
      if (seq === undefined) continue;
      assert.ok(message, `acknowledged as ${seq}, but lost`);
      assert.equal(message.seq, seq);
      assert.equal(message.text, text);
    }
    for (const id of ids) assert.ok(this.said.has(id), "nothing was made up");
    // One connection, one order: what was stored of a burst is its beginning, in the order sent.
    const orders = ids.map((id) => this.said.get(id).order);
    if (this.refused.length === 0) {
      assert.deepEqual(orders, [...orders].sort((a, b) => a - b), "the order of sending is kept");
    }
    return own.length;
  }

  /** The end of a test: everything is taken exactly once, whatever was open. */
  async finish(server, ms) {
    const line = await this.whole(server);
    this.check(line.messages);
    await this.settle(line, ms);
    await this.repeat(line);
    await line.close();
    const again = await this.whole(server);
    assert.equal(this.check(again.messages), this.said.size);
    await again.close();
    return this.said.size;
  }
}
