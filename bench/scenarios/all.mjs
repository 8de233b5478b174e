// Every scenario by name; `always` ones run when none is named, `quick` ones also then with --quick.
// `alone`: prepares by itself what it needs, and has goals of its own.
import { idle } from "./idle.mjs";
import { latency } from "./latency.mjs";
import { nlp } from "./nlp.mjs";
import { desk, step, understand } from "./probes.mjs";
import { profile } from "./profile.mjs";
import { reload } from "./reload.mjs";
import { soak } from "./soak.mjs";
import { start } from "./start.mjs";
import { turn } from "./turn.mjs";
import { understanding } from "./understanding.mjs";
import { validate } from "./validate.mjs";

export const scenarios = {
  "turn-100": { always: true, run: turn(100) },
  "turn-1000": { always: true, run: turn(1000) },
  nlp: { always: true, run: nlp },
  latency: { always: true, run: latency },
  idle: { always: true, run: idle },
  start: { always: true, run: start },
  understand: { always: true, run: understand },
  step: { always: true, run: step },
  desk: { always: true, run: desk },
  validate: { always: true, run: validate },
  reload: { always: true, run: reload },
  soak: { always: true, run: soak },
  understanding: { always: false, quick: true, alone: true, run: understanding },
  profile: { always: false, run: profile },
};
