#include "wasl/handoff/escalation.hpp"

#include <gtest/gtest.h>

namespace wasl::handoff {
namespace {

MoodSignal mood(const char* signal, const char* text = "", float strength = 1.0F) {
  return {signal, strength, text, 0, 0};
}

TurnSigns turn(std::uint64_t seq, std::vector<MoodSignal> moods = {}) {
  TurnSigns signs;
  signs.seq = seq;
  signs.text = "so many words were written here";
  signs.clean = signs.text;
  signs.mood = std::move(moods);
  return signs;
}

TurnSigns fallback(std::uint64_t seq) {
  TurnSigns signs = turn(seq);
  signs.fallback = true;
  return signs;
}

/// A conversation in which `turns` quiet messages were said.
Escalation after_turns(int turns) {
  Escalation escalation;
  for (int i = 0; i < turns; ++i) escalation = assess(escalation, turn(1), {}).after;
  return escalation;
}

struct Hard {
  const char* signal;
  const char* reason;
};

TEST(Escalation, HardSignalsHandOverAtOnce) {
  for (const Hard& c : {Hard{"asks_person", "asked"}, Hard{"threat_legal", "legal"},
                        Hard{"fraud", "fraud"}, Hard{"safety", "safety"}}) {
    const Assessment result = assess({}, turn(5, {mood(c.signal, "the words")}), {});
    EXPECT_EQ(result.verdict, Verdict::handoff) << c.signal;
    EXPECT_EQ(result.reason, c.reason);
    ASSERT_EQ(result.evidence.size(), 1U);
    EXPECT_EQ(result.evidence[0], (Evidence{c.signal, 1.0, 5, "the words"}));
  }
}

TEST(Escalation, TheGravestHardSignalNamesTheReason) {
  const Assessment result = assess({}, turn(1, {mood("asks_person"), mood("safety")}), {});
  EXPECT_EQ(result.reason, "safety");
}

TEST(Escalation, HardSignalsDoNotRest) {
  const Escalation resting = after_refusal(after_turns(2));
  EXPECT_EQ(assess(resting, turn(9, {mood("asks_person")}), {}).verdict, Verdict::handoff);
}

TEST(Escalation, AThirdAnswerlessTurnInARowIsLost) {
  EscalationPolicy calm;
  calm.weights.clear();
  Escalation state;
  for (int i = 1; i <= 2; ++i) {
    const Assessment result = assess(state, fallback(static_cast<std::uint64_t>(i)), calm);
    EXPECT_EQ(result.verdict, Verdict::none) << i;
    state = result.after;
  }
  const Assessment broken = assess(assess(state, turn(3), calm).after, fallback(4), calm);
  EXPECT_EQ(broken.verdict, Verdict::none) << "not in a row";
  const Assessment third = assess(state, fallback(3), calm);
  EXPECT_EQ(third.verdict, Verdict::handoff);
  EXPECT_EQ(third.reason, "lost");
  EXPECT_EQ(third.after.answerless, 0);
}

struct Soft {
  const char* name;
  std::vector<TurnSigns> turns;
  Verdict verdict;
  const char* reason;
  double score;  // after the last turn
};

TurnSigns sign(std::uint64_t seq, bool TurnSigns::*flag) {
  TurnSigns signs = turn(seq);
  signs.*flag = true;
  return signs;
}

TEST(Escalation, SoftSignalsAddUpAndFade) {
  TurnSigns again = turn(3);
  again.similarity = 0.6;
  TurnSigns other = turn(3);
  other.similarity = 0.59;
  TurnSigns short_angry = turn(2, {mood("profanity")});
  short_angry.text = "you fools";
  const Soft cases[] = {
      {"quiet", {turn(1), turn(2)}, Verdict::none, "", 0.0},
      {"one word is not enough", {turn(1), turn(2, {mood("profanity")})}, Verdict::none, "", 0.5},
      {"short and angry", {turn(1), short_angry}, Verdict::none, "", 0.75},
      {"half as strong",
       {turn(1), turn(2, {mood("profanity", "", 0.5F)})},
       Verdict::none,
       "",
       0.25},
      {"rephrased after a fallback",
       {turn(1), sign(2, &TurnSigns::fallback), again},
       Verdict::none,
       "",
       0.85},
      {"something else after a fallback",
       {turn(1), sign(2, &TurnSigns::fallback), other},
       Verdict::none,
       "",
       0.35},
      {"the first message is no rephrasing", {again}, Verdict::none, "", 0.0},
      {"fades",
       {turn(1), turn(2, {mood("profanity")}), turn(3), turn(4)},
       Verdict::none,
       "",
       0.245},
      {"angry and refused twice",
       {turn(1), sign(2, &TurnSigns::fallback), turn(3, {mood("profanity"), mood("shouting")})},
       Verdict::offer,
       "angry",
       1.05},
      {"going in circles",
       {turn(1), sign(2, &TurnSigns::bot_repeat), sign(3, &TurnSigns::bot_repeat)},
       Verdict::offer,
       "lost",
       1.02},
      {"rising",
       {turn(1), turn(2, {mood("negative", "", 0.5F)}),
        turn(3, {mood("negative"), mood("correction"), mood("elongation")})},
       Verdict::offer,
       "frustrated",
       0.105 + 0.3 + 0.3 + 0.35 + 0.15},
      {"everything at once",
       {turn(1), turn(2, {mood("profanity"), mood("negative"), mood("not_understood"),
                          mood("exclamation")})},
       Verdict::handoff,
       "frustrated",
       0.0},
  };
  for (const Soft& c : cases) {
    Assessment result;
    for (const TurnSigns& signs : c.turns) result = assess(result.after, signs, {});
    EXPECT_EQ(result.verdict, c.verdict) << c.name;
    EXPECT_EQ(result.reason, c.reason) << c.name;
    EXPECT_NEAR(result.after.score, c.score, 1e-6) << c.name;
    EXPECT_EQ(result.evidence.empty(), c.verdict == Verdict::none) << c.name;
  }
}

TEST(Escalation, TheFirstMessageNeverReachesTheOffer) {
  const TurnSigns furious =
      turn(1, {mood("profanity"), mood("negative"), mood("not_understood"), mood("shouting")});
  const Assessment first = assess({}, furious, {});
  EXPECT_EQ(first.verdict, Verdict::none);
  EXPECT_DOUBLE_EQ(first.after.score, 0.9);
  EXPECT_EQ(assess(after_turns(1), furious, {}).verdict, Verdict::handoff);
}

TEST(Escalation, OffersOnceUntilItHasCalmedDown) {
  Escalation state = after_turns(1);
  state.score = 1.0;
  Assessment result = assess(state, turn(5, {mood("profanity")}), {});  // 0.7 + 0.5
  EXPECT_EQ(result.verdict, Verdict::offer);
  result = assess(result.after, turn(6, {mood("negative")}), {});  // 0.84 + 0.3
  EXPECT_EQ(result.verdict, Verdict::none) << "asked already";
  for (int i = 0; i < 3; ++i) result = assess(result.after, turn(7), {});
  EXPECT_TRUE(result.after.armed);
  result = assess(result.after, turn(8, {mood("profanity"), mood("correction")}), {});
  EXPECT_EQ(result.verdict, Verdict::offer);
}

TEST(Escalation, RestsThreeTurnsAfterARefusal) {
  EscalationPolicy policy;
  policy.decay = 1.0;
  Escalation state = after_turns(1);
  state.score = 2.0;
  state = after_refusal(state);
  for (int i = 0; i < 3; ++i) {
    const Assessment result = assess(state, turn(3), policy);
    EXPECT_EQ(result.verdict, Verdict::none) << i;
    state = result.after;
  }
  EXPECT_EQ(assess(state, turn(4), policy).verdict, Verdict::handoff);
}

TEST(Escalation, AfterAReturnOnlyWhatFollowsCounts) {
  Escalation state = after_turns(4);
  state.score = 1.4;
  state.evidence = {{"profanity", 0.5, 3, "x"}};
  const Assessment result = assess(after_return(state), turn(9, {mood("profanity")}), {});
  EXPECT_EQ(result.verdict, Verdict::none);
  EXPECT_DOUBLE_EQ(result.after.score, 0.5);
  EXPECT_EQ(result.after.evidence.size(), 1U);
  EXPECT_EQ(result.after.visitor_turns, 5);
}

TEST(Escalation, EvidenceIsBoundedAndFadesWithTheScore) {
  EscalationPolicy policy;
  policy.offer_at = policy.handoff_at = 100.0;
  Escalation state;
  for (std::uint64_t i = 1; i <= 20; ++i) {
    state =
        assess(state, turn(i, {mood("profanity", std::string(500, 'x').c_str())}), policy).after;
  }
  EXPECT_EQ(state.evidence.size(), 16U);
  EXPECT_EQ(state.evidence.back().seq, 20U);
  EXPECT_LE(state.evidence.back().text.size(), 90U);
  for (std::uint64_t i = 0; i < 10; ++i) state = assess(state, turn(30 + i), policy).after;
  EXPECT_TRUE(state.evidence.empty());
}

TEST(EvidenceLine, IsOneLineForTheAgentsEye) {
  EXPECT_EQ(evidence_line("angry",
                          {{"profanity", 0.5, 3, "شركة فاشلة"}, {"exclamation", 0.15, 4, "!!!"}}),
            "angry: «شركة فاشلة» (profanity .5), «!!!» (exclamation .15)");
  EXPECT_EQ(evidence_line("asked", {{"asks_person", 1.0, 1, "أريد موظفًا"}}),
            "asked: «أريد موظفًا» (asks_person 1)");
  EXPECT_EQ(evidence_line("lost", {}), "lost");
}

}  // namespace
}  // namespace wasl::handoff
