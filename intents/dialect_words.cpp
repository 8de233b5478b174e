#include "intents/dialect_words.hpp"

#include "wasl/intents/clean.hpp"

#include "intents/key_table.hpp"

#include <algorithm>
#include <string>
#include <vector>

// Words that carry a sentence without being its matter: what one asks, wants, can.  They differ
// most between dialects, and examples of one dialect should serve the others.  Rows are as people
// write; they are cleaned before they are looked up.

namespace wasl::intents {
namespace {

struct Row {
  std::string_view name;
  std::string_view words;
};

struct Word {
  std::string word;
  std::string_view name;
};

constexpr Row kRows[] = {
    {"=want",
     "أريد نريد بدي بدنا أبي أبغى أبغا ابغي نبي نبغى عايز عايزه عاوز عاوزه عايزين حاب حابب "
     "حابه ودي أود بغيت باغي باغيه اشتي أرغب أباغي نحب بغينا رايد أريدكم"},
    {"=how", "كيف إزاي ازاى شلون اشلون وشلون كيفاش كيفية شلونه چيف"},
    {"=what", "ماذا شو إيش أيش وش إيه شنو اش شنهو وشو ويش شنوه واش ماهي ماهو شنهي أشنو شنية"},
    {"=why", "لماذا ليش ليه علاش ليهش لويش عليش وعلاش"},
    {"=when", "متى إمتى ايمتى ايمتا امتا متا وقتاش فوقاش وقتيش"},
    {"=where", "أين وين فين وينه وينها فينه فينها وينهم منين"},
    {"=now",
     "الآن الحين هلأ هلا هلق دلوقتي دلوقت هسه هسا هسع لهسا دحين توا ذحين حاليا حالا هالحين "
     "دابا ضرك دروك"},
    {"=still", "لسه لسا لساته للحين لحين بعده بعدني مازال مازالت لازال لحد"},
    {"=not", "ليس ليست مش مو مب موب لم لن ماني مهو مهب موش ماشي مهوب"},
    {"=can",
     "يمكن يمكنني أستطيع أقدر بقدر فيني ممكن يمديني تقدر تقدروا تقدرون يمكنك يمكنكم نقدر يمدي "
     "بإمكاني باستطاعتي نجم نقدرو فيكم فيك"},
    {"=this",
     "هذا هذه هاد هاي هادا هادي ده دي دا هاذا هذي هذاك ذلك تلك هاذي هيدا هيدي هاذ هاذه هذول "
     "هدول دول"},
    {"=which", "الذي التي اللي يلي الذين إللي لي"},
    {"=do", "أفعل أعمل أسوي بعمل نسوي نعمل يسوي ندير سويت عملت فعلت درت تسوون تسوي تعملوا"},
    {"=thing", "شيء شي إشي حاجة حاجات أشياء حجة"},
    {"=very", "كثيرا كثير كتير وايد مره أوي قوي واجد برشا بزاف جدا هواية كلش"},
    {"=because", "لأن عشان علشان لأنه لأني لأجل لكي مشان منشان حيث لأنها"},
    {"=there_is", "يوجد فيه هناك أكو كاين هنالك ثمة متوفر"},
    {"=also", "أيضا كمان برضو برضه كذلك زادة حتى همين"},
    {"=like", "مثل زي متل كما شبه كيما"},
    {"=how_much", "كم قديش بكم بكام اديش كام شكد شقد قداش شحال بشحال بقديش"},
    {"=see", "أرى أشوف بشوف شوف رأيت شفت نشوف"},
    {"=money",
     "فلوس مصاري نقود مال أموال فلوسي مصرياتي أموالي نقودي مصاريي فلوسك المال الفلوس المصاري "
     "النقود الأموال دراهم الدراهم"},
    {"=give", "أعطني عطني أعطيني اديني عطوني أعطوني هاتوا انطيني عطيوني"},
    {"=went", "ذهب ذهبت راح راحت مشى مشت"},
    {"=came", "جاء جاءت وصل وصلت جا جات إجا إجت جت وصلني وصلتني جاني جاتني"},
    {"=must", "يجب لازم ضروري ينبغي خاصني"},
    {"=speak", "أتكلم أتحدث أحكي اتكلم أكلم أحاكي نهدر نحكي أسولف"},
    {"=please", "رجاء أرجو لطفا فضلك سمحت بليز تكفى تكفون عافاك بالله أرجوك"},
};

struct Concepts {
  KeyTable words;
  std::vector<Word> by_number;
};

const Concepts& concepts() {
  static const Concepts all = [] {
    Concepts made;
    for (const Row& row : kRows) {
      const std::string list = clean(row.words).text;
      for (std::size_t at = 0; at < list.size();) {
        const std::size_t end = std::min(list.find(' ', at), list.size());
        const std::string word = list.substr(at, end - at);
        if (!word.empty() && made.words.add(KeyTable::key_of(word)) == made.by_number.size()) {
          made.by_number.push_back({word, row.name});
        }
        at = end + 1;
      }
    }
    return made;
  }();
  return all;
}

}  // namespace

std::string_view concept_of(std::string_view word) {
  if (word.size() < 2 || static_cast<unsigned char>(word[0]) < 0x80) return {};
  const Concepts& all = concepts();
  const auto look = [&](std::string_view form) {
    const std::size_t number = all.words.find(KeyTable::key_of(form));
    return number == KeyTable::kNone || all.by_number[number].word != form
               ? std::string_view()
               : all.by_number[number].name;
  };
  if (const auto name = look(word); !name.empty()) return name;
  for (const std::string_view prefix : {"و", "ف"}) {
    if (word.starts_with(prefix)) return look(word.substr(prefix.size()));
  }
  return {};
}

}  // namespace wasl::intents
