// Every scenario by name; `always` ones run when none is named.
import { profile } from "./profile.mjs";
import { turn } from "./turn.mjs";

export const scenarios = {
  "turn-100": { always: true, run: turn(100) },
  "turn-1000": { always: true, run: turn(1000) },
  profile: { always: false, run: profile },
};
