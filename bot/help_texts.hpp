#pragma once

#include "wasl/core/language.hpp"

#include <string>

namespace wasl::bot {

/// What the help centre says around the articles.
struct HelpTexts {
  std::string own_name;  ///< of the language
  std::string centre;
  std::string welcome;
  std::string skip;
  std::string search;
  std::string search_verb;
  std::string hint;
  std::string results;
  std::string nothing;
  std::string missing;
  std::string all;
  std::string where;
  std::string reviewed;
  std::string ask;
  std::string open_chat;
  std::string no_articles;
};

[[nodiscard]] inline const HelpTexts& help_texts(Language language) {
  static const HelpTexts kEnglish{
      "English",
      "Help centre",
      "How can we help?",
      "Skip to the content",
      "Search",
      "Search",
      "What would you like to know?",
      "Results for",
      "Nothing was found. Try other words, or fewer of them.",
      "This page does not exist",
      "All articles",
      "You are here",
      "Last checked",
      "Not what you were looking for? Ask in the chat; a person can help there too.",
      "Open the chat",
      "There are no help articles here."};
  static const HelpTexts kArabic{
      "العربية",
      "مركز المساعدة",
      "كيف نساعدك؟",
      "انتقل إلى المحتوى",
      "البحث",
      "ابحث",
      "ماذا تريد أن تعرف؟",
      "نتائج البحث عن",
      "لم نجد شيئًا. جرّب كلمات أخرى أو أقل.",
      "هذه الصفحة غير موجودة",
      "كل المقالات",
      "أنت هنا",
      "آخر مراجعة",
      "لم تجد ما تبحث عنه؟ اسأل في المحادثة، ويمكن لموظف أن يساعدك هناك أيضًا.",
      "افتح المحادثة",
      "لا توجد مقالات مساعدة هنا."};
  return language == Language::ar ? kArabic : kEnglish;
}

}  // namespace wasl::bot
