// The Goals of the design: what each figure must be and should be. `least` goals want much, `most`
// goals want little. A figure that is not measured here says where it is.
export const goals = [
  { id: "turn-100", text: "echo CPU ÷ durable-turn CPU, 100 connections", kind: "least", must: 0.15, aim: 0.25 },
  { id: "turn-1000", text: "echo CPU ÷ durable-turn CPU, 1,000 connections", kind: "least", must: 0.2, aim: 0.33 },
  { id: "nlp", text: "durable-turn CPU ÷ ws + nlp.js turn that stores nothing", kind: "most", must: 0.6, aim: 0.3 },
  { id: "latency", text: "added p50 over echo at 5,000 turns/s ÷ fdatasync p50", kind: "most", must: 2, aim: 1.5 },
  { id: "fsync-1000", text: "rows per fsync at saturation, 1,000 connections", kind: "least", must: 50, aim: 150 },
  { id: "idle", text: "user-space bytes per idle visitor ÷ bare Beast with timeouts", kind: "most", must: 1.6, aim: 1.2 },
  { id: "rss", text: "RSS of the server with the starter bot, idle", kind: "most", must: 80, aim: 40, unit: "MB" },
  { id: "start", text: "start to ready with the starter bot, trained", kind: "most", must: 400, aim: 150, unit: "ms" },
  { id: "understand", text: "understanding one message, starter bot, p50", kind: "most", must: 30, aim: 15, unit: "µs" },
  { id: "desk", text: "claim, offer, position with 100,000 waiting ÷ with 1,000 (worst of the three)", kind: "most", must: 3, aim: 1.5 },
  { id: "validate", text: "wasl validate of a bot with 200 flows", kind: "most", must: 300, aim: 150, unit: "ms" },
  { id: "step", text: "flows::step() of one message, starter bot, p50", kind: "most", must: 3, aim: 3, unit: "µs" },
  { id: "reload", text: "reload of a bot with 200 flows more than the starter's, under load", kind: "most", must: 500, aim: 500, unit: "ms" },
  { id: "reload-turn", text: "the slowest turn while it is reloaded, beyond the slowest without", kind: "most", must: 20, aim: 20, unit: "ms" },
  { id: "soak", text: "RSS drift over a soak at half load after warm-up", kind: "most", must: 2, aim: 0.5, unit: "%/h" },
  { id: "faults", text: "acknowledged messages lost, duplicated, reordered; under every fault", kind: "most", must: 0, aim: 0,
    elsewhere: "not measured here: the fault tests of script/test count these" },
];

const plain = (value) =>
  Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));

function verdict(goal, value) {
  const meets = (bound) => (goal.kind === "least" ? value >= bound : value <= bound);
  return meets(goal.aim) ? "aim met" : meets(goal.must) ? "must met" : "not met";
}

/**
 * A table of goals as Markdown: every one of them, also those this run did not measure; `judged`:
 * whether to say which are met.
 */
export function table(rows, list = goals, judged = true) {
  const lines = ["| figure | must | aim | measured | verdict | beside it |", "|---|---|---|---|---|---|"];
  for (const goal of list) {
    const sign = goal.kind === "least" ? "≥" : "≤";
    const unit = goal.unit ? ` ${goal.unit}` : "";
    const row = rows[goal.id];
    const cells = [goal.text, `${sign} ${goal.must}${unit}`, `${sign} ${goal.aim}${unit}`];
    if (row) {
      const { median, low, high } = row.measured;
      const apart = low === high ? "" : ` (${plain(low)}–${plain(high)})`;
      cells.push(`${plain(median)}${unit}${apart}`, judged ? verdict(goal, median) : "–", [goal.beside, row.note].filter(Boolean).join("; "));
    } else {
      cells.push("–", "–", goal.elsewhere ?? ["not in this run", goal.beside].filter(Boolean).join("; "));
    }
    lines.push(`| ${cells.join(" | ")} |`);
  }
  return lines.join("\n");
}
