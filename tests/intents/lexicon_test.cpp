#include "intents/lexicon.hpp"

#include "intents/mood.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace wasl::intents {
namespace {

std::vector<MoodSignal> mood_of(std::string_view text) {
  const Clean cleaned = clean(text);
  return read_mood(text, cleaned, mark_words(cleaned.text));
}

bool fires(std::string_view signal, std::string_view text) {
  for (const MoodSignal& mood : mood_of(text)) {
    if (mood.signal == signal) return true;
  }
  return false;
}

struct Sentences {
  const char* name;
  const char* signal;
  std::vector<const char*> texts;
};

const Sentences kMustFire[] = {
    {"English",
     "asks_person",
     {"I want to talk to a human",
      "can i speak to someone please",
      "agent",
      "live agent please",
      "transfer me to a representative",
      "connect me with customer service",
      "I need a real person",
      "let me speak to your manager",
      "is there a human I can talk to",
      "give me an operator",
      "I don't want a bot, I want a human",
      "I do not want to talk to a robot",
      "put me through to an agent now",
      "can you escalate this to a supervisor",
      "I'd like to chat with a live person",
      "i wanna speak with somebody",
      "HUMAN PLEASE",
      "get me your manager",
      "please have someone call me",
      "talk to agent",
      "speak to a person not a bot",
      "no more bots please",
      "agenttttt",
      "why can't I talk to a human",
      "i would like to speak with a real human being",
      "are there any humans there i can talk to",
      "I want to speak to customer support",
      "can a human help me"}},
    {"MSA",
     "asks_person",
     {"أريد التحدث مع موظف", "أرغب في التحدث إلى ممثل خدمة العملاء", "حوّلني إلى موظف من فضلك",
      "هل يمكنني التكلم مع شخص حقيقي", "أود التواصل مع مسؤول", "أريد التحدث إلى إنسان",
      "أحتاج إلى موظف بشري", "هل أستطيع أن أتحدث مع أحد الموظفين", "موظف لو سمحت", "خدمة العملاء",
      "لا أريد التحدث مع روبوت", "أرجو تحويلي إلى المدير", "أطلب التحدث مع المشرف"}},
    {"Gulf",
     "asks_person",
     {"ابي اكلم موظف", "ابغى اتكلم مع موظفة", "حولني على موظف", "ابي احد يكلمني",
      "عطني موظف خدمة العملاء", "ودي اكلم انسان مو بوت", "وين الموظفين", "خلوا احد يتصل علي",
      "ابغى مدير", "نبي نكلم واحد من الموظفين", "ما ابي اتكلم مع بوت", "فيه احد يرد علي",
      "ممكن احد يرد", "لا ابغى اكلم الرد الآلي ابغى موظف"}},
    {"Egyptian",
     "asks_person",
     {"عايز اكلم حد", "عاوزة اتكلم مع موظف", "ممكن اكلم خدمة العملاء", "حولني لموظف لو سمحت",
      "عايز بني ادم يكلمني", "مش عايز اكلم روبوت", "في حد يرد عليا", "هاتلي المدير",
      "عايز حد من خدمة العملاء يكلمني", "اديني موظف", "عاوز اتكلم مع بشر",
      "وصلني بموظف خدمة عملاء"}},
    {"Levantine",
     "asks_person",
     {"بدي احكي مع حدا", "بدي احكي مع موظف", "حولني عموظف لو سمحت", "فيني احكي مع شخص حقيقي",
      "بدنا نحكي مع المسؤول", "خلي حدا يحكي معي", "في حدا يرد علي", "بدي انسان مش روبوت",
      "وصلني مع خدمة الزبائن", "ما بدي احكي مع بوت", "بدي المدير", "ممكن احكي مع حدا من الموظفين"}},
    {"Iraqi",
     "asks_person",
     {"اريد احجي ويا موظف", "اكدر احجي ويا احد", "اريد احجي وي انسان", "اكو موظف",
      "حولني على موظف عفية", "اريد واحد يحجي وياي", "دزلي موظف", "ما اريد بوت اريد انسان",
      "اگدر احچي ويا المدير", "خلي واحد يرد علي", "محتاج احجي ويا خدمة الزبائن"}},
    {"Maghrebi",
     "asks_person",
     {"بغيت نهضر مع شي واحد", "نحب نحكي مع موظف", "بغيت نهضر مع بنادم", "واش نقدر نهضر مع انسان",
      "نحب نكلم المسؤول", "عطيني شي حد نهضر معاه", "خاصني نهضر مع خدمة الزبناء",
      "بغيت نتكلم مع شي موظف", "نحب نحكي مع عبد موش روبو", "كاين شي موظف", "دوزني لشي حد",
      "حاب نهدر مع واحد"}},
    {"Arabizi",
     "asks_person",
     {"3ayez akalem 7ad", "3ayez akallem mowazaf", "badde e7ki ma3 mowazaf", "baddi a7ki ma3 7ada",
      "abi akalem mowathaf", "abgha akalem ensan", "7awelni 3ala mowazaf", "7awelni la mowazaf",
      "areed a7chi wya mowazaf", "bghit nhder m3a chi wa7ed", "momken akalem 5edmet el 3omala2",
      "n7eb na7ki m3a mowazaf", "mumkin a7ki ma3 sha5s"}},
    {"legal",
     "threat_legal",
     {"I will sue you", "my lawyer will contact you",
      "I'm going to report you to consumer protection", "see you in court",
      "I will take legal action", "سأرفع قضية عليكم", "سأشتكيكم لوزارة التجارة",
      "بشتكيكم لحماية المستهلك", "راح اشتكي لوزارة التجارة", "المحامي بيتواصل معكم",
      "هشتكي في جهاز حماية المستهلك", "سأتخذ الإجراءات القانونية", "ببلغ الشرطة"}},
    {"fraud",
     "fraud",
     {"my account was hacked", "someone used my card", "there is an unauthorized charge on my card",
      "I didn't make this payment", "حسابي انسرق", "حسابي اتهكر", "بطاقتي مسروقة", "سرقوا بطاقتي",
      "في عملية ما سويتها على حسابي", "تعرضت لعملية احتيال", "7sabi ethakar"}},
    {"safety",
     "safety",
     {"I want to kill myself", "I want to die", "I feel suicidal", "the battery exploded",
      "the charger caught fire", "your driver threatened me", "my son got injured", "ابي اموت",
      "سأنتحر", "الشاحن انفجر", "البطارية احترقت في يدي", "المندوب تحرش ببنتي", "بقتل حالي",
      "ولدي انجرح من المنتج", "الجهاز كهربني"}},
    {"not understood",
     "not_understood",
     {"you don't understand me", "you are not listening", "that's not what I asked",
      "stop repeating the same answer", "you misunderstood", "I already told you", "مش فاهم عليّ",
      "انت مش فاهمني", "ما فهمت علي", "ما تفهم انت", "لم تفهم سؤالي", "مو هذا اللي سألت عنه",
      "نفس الجواب كل مرة", "قلت لك الرقم", "مكتفهمش", "مش فاهم عليي", "انت ما بتفهم",
      "mish fahem 3alay"}},
    {"profanity",
     "profanity",
     {"fuck this", "you are useless", "stupid bot", "this service sucks", "shut up", "bullshit",
      "يا كلب", "بوت غبي", "خدمة زبالة", "انتم حمير", "الله يلعنكم", "ya 7mar", "تبا لكم"}},
    {"negative",
     "negative",
     {"this is unacceptable", "I'm so angry", "worst service ever", "I'm fed up",
      "nobody answers me", "خدمة سيئة جدا", "انا زعلان منكم", "حسبي الله ونعم الوكيل",
      "محد يرد علي", "زهقت منكم", "اسوأ متجر", "نصابين", "تعبتوني", "حرام عليكم", "مهزلة",
      "ماحدش بيرد عليا"}},
    {"correction",
     "correction",
     {"no, I meant A-1033", "I meant the other order", "لا قصدي A-1033", "اقصد الطلب الثاني",
      "الرقم غلط", "sorry, it's A-1033"}},
    {"thanks",
     "thanks",
     {"thank you so much", "thx", "شكرا جزيلا", "يعطيك العافية", "تسلم", "مشكور", "shukran"}},
};

const Sentences kMustNotFire[] = {
    {"named in the design",
     "asks_person",
     {"أنا موظف حكومي", "عندكم وظائف؟", "لا أريد موظف", "estate agent", "agent number",
      "I am looking for a real estate agent", "what is the agent number"}},
    {"refused",
     "asks_person",
     {"I don't want to talk to an agent", "no need for a human", "ما ابي موظف", "مش عايز اكلم حد",
      "لا أرغب في التحدث مع موظف", "ما بدي احكي مع حدا", "مابغيتش نهضر مع حد", "ما اريد موظف",
      "بدون موظف", "لا داعي لموظف", "do not connect me to an agent", "mesh 3ayez akalem 7ad",
      "ما احتاج اكلم موظف", "without talking to anyone"}},
    {"about other people",
     "asks_person",
     {"هل عندكم خصم للموظفين", "i work as a travel agent", "the delivery agent was late",
      "انا موظف في شركة", "اني موظف", "a gift for a person who likes tea",
      "do you have a table for four people", "زوجي موظف وما يقدر يستلم", "هدية لشخص عزيز",
      "وظائف شاغرة", "do you have jobs for agents", "كم راتب موظف خدمة العملاء",
      "my brother is a manager", "رقم الموظف", "كم شخص يكفي", "employee discount",
      "does it fit two people", "ana mowazaf 7okoma", "عندكم توظيف"}},
    {"are you a person",
     "asks_person",
     {"are you a robot", "are you human", "am I talking to a real person", "هل أنت إنسان",
      "انت موظف ولا بوت", "هل أتحدث مع إنسان أم برنامج", "انت بني ادم ولا ايه",
      "is this a real person", "هو انا بكلم انسان", "انت شخص حقيقي"}},
    {"everyday",
     "asks_person",
     {"where is my order", "وين طلبي", "I want to return my shoes", "ابي ارجع الطلب",
      "can someone else receive my parcel", "someone already paid", "احد استلم الطلب بدلي",
      "send it to another person's address", "محد يرد علي", "الموظف قال بكرا يوصل",
      "can you help me", "ابغى احد يساعدني بموضوع", "thanks for your support", "ممكن مساعدة",
      "كلمت الموظف امس وما رد", "i talked to an agent yesterday", "help", "مدير اعمال هدية له"}},
    {"legal",
     "threat_legal",
     {"is it legal to import this", "do you deliver near the court", "شحن الى شارع المحكمة",
      "a gift for my lawyer", "انا محامي وعندي مكتب"}},
    {"fraud",
     "fraud",
     {"I want to change my card", "غير بطاقتي", "how do you prevent fraud", "بطاقتي انتهت"}},
    {"safety",
     "safety",
     {"do you sell fire tv", "this deal is on fire", "بموت من الضحك", "ابي حقيبة اسعافات اولية",
      "the phone is dead", "I am dying to get it"}},
    {"not understood",
     "not_understood",
     {"I don't understand the policy", "انا مش فاهم حاجة", "ما فهمت كيف ادفع", "where is it"}},
    {"profanity",
     "profanity",
     {"do you sell dog food", "عندكم طعام كلاب", "عندكم سلة زبالة", "shipping to scunthorpe"}},
    {"negative",
     "negative",
     {"not bad at all", "انا مو زعلان", "the product has a defect", "المنتج فيه عيب مصنعي"}},
    {"thanks", "thanks", {"شكرا على ولا شي", "thanks for nothing"}},
};

TEST(Lexicon, HearsEveryDialect) {
  for (const Sentences& group : kMustFire) {
    for (const char* text : group.texts) {
      EXPECT_TRUE(fires(group.signal, text)) << group.name << ": " << text;
    }
  }
}

TEST(Lexicon, StaysQuietOnLookalikes) {
  for (const Sentences& group : kMustNotFire) {
    for (const char* text : group.texts) {
      EXPECT_FALSE(fires(group.signal, text)) << group.name << ": " << text;
    }
  }
}

TEST(Mood, NamesTheWordsThatCausedASignal) {
  const std::string text = "مرحبا، أُريدُ موظفًا الآن";
  const auto mood = mood_of(text);
  ASSERT_GE(mood.size(), 1U);
  EXPECT_EQ(mood[0].signal, "asks_person");
  EXPECT_EQ(text.substr(mood[0].start, mood[0].end - mood[0].start), mood[0].text);
  EXPECT_NE(mood[0].text.find("أُريدُ"), std::string::npos) << mood[0].text;
}

TEST(Mood, ReadsForm) {
  EXPECT_TRUE(fires("shouting", "WHERE IS MY ORDER"));
  EXPECT_FALSE(fires("shouting", "OK THX"));
  EXPECT_FALSE(fires("shouting", "Where is order A-1032 from IKEA"));
  EXPECT_TRUE(fires("exclamation", "come on!!!"));
  EXPECT_TRUE(fires("exclamation", "وين طلبي؟؟؟"));
  EXPECT_FALSE(fires("exclamation", "really?"));
  EXPECT_TRUE(fires("elongation", "تعبتتتت"));
  EXPECT_FALSE(fires("elongation", "ههههههه"));
}

TEST(Lexicon, SaysWhatIsWrongWithAFile) {
  Lexicon lexicon;
  yaml::Mistakes mistakes;
  read_lexicon("- signal: x\n  patterns: ['<{nobody}>', '(', 'You']\n- nothing: 1\n", "l.yml",
               lexicon, mistakes);
  EXPECT_EQ(mistakes.size(), 4U);
}

}  // namespace
}  // namespace wasl::intents
