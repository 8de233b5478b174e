#include "intents/language.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace wasl::intents {
namespace {

Dialect dialect_of(std::string_view text, Dialect before = Dialect::none) {
  const Clean cleaned = clean(text);
  return detect_language(cleaned, read_words(cleaned), Language::und, before).dialect;
}

struct Sentences {
  Dialect dialect;
  std::vector<const char*> texts;
};

const Sentences kSentences[] = {
    {Dialect::msa,
     {"أريد معرفة حالة طلبي", "لماذا لم يصل الطلب حتى اليوم؟", "هل يمكنني استبدال المنتج؟",
      "متى سيصل الطرد؟", "أرغب في إلغاء الطلب الذي قدمته أمس", "أين أجد الفاتورة؟",
      "أود أن أعرف سياسة الإرجاع لديكم", "لقد وصلني منتج مختلف عن الذي طلبته",
      "أرجو تغيير عنوان التوصيل", "أواجه مشكلة أثناء الدفع", "كيف أستطيع استعادة كلمة المرور؟",
      "يرجى إرسال الفاتورة إلى بريدي", "هذه ليست المرة الأولى التي يتأخر فيها الطلب",
      "هل لديكم خصم للطلاب؟"}},
    {Dialect::gulf,
     {"ابي اعرف وش صار على الطلب", "متى يوصل الطلب الحين له اسبوع", "ابغى ارجع الجزمه مو مقاسي",
      "وش طرق الدفع عندكم", "ودي الغي الطلب تكفون", "الطلب وايد تأخر", "طرشوا لي الفاتورة",
      "شفيكم ما تردون على احد", "عطوني كود خصم", "توني طالب وابغى اغير العنوان", "المنتج مب شغال",
      "كم تاخذون على التوصيل يالغالي ودي اعرف", "مدري ليش انخصم المبلغ مرتين",
      "abgha aghayer el 3enwan", "weish 9ar 3ala 6alabi"}},
    {Dialect::egyptian,
     {"عايز اعرف الاوردر بتاعي فين", "هو الطلب هيوصل امتى", "انا عاوزة ارجع الفستان ده",
      "ازاي ادفع كاش", "لسه مفيش حد كلمني", "الشحنة اتأخرت أوي", "الفلوس اتخصمت مرتين ليه كده",
      "محدش بيرد عليا خالص", "بكام التوصيل لاسكندرية", "ينفع استبدل المقاس دلوقتي",
      "المنتج جالي بايظ", "معرفش الباسورد بتاعتي", "3ayez a3raf el order beta3i fein",
      "ezay arga3 el haga di"}},
    {Dialect::levantine,
     {"بدي اعرف وين صارت طلبيتي", "شو صار بالطلب هلق", "ليش لهلق ما وصلني شي",
      "بدنا نغير العنوان لو سمحتو هيك احسن", "قديش بتاخدو عالتوصيل", "الغرض اجا مكسور شو اعمل",
      "فيني بدل القياس", "ايمتى رح توصل", "حكيت معكن مبارح وما حدا رد", "عنجد الخدمة كتير منيحة",
      "كيف بدي ادفع هون", "لسا ما رجعولي المصاري مشان هيك عم احكي", "baddi a3ref wen el talabiye",
      "shu hal khedme hayde"}},
    {Dialect::iraqi,
     {"شوكت يوصل الطلب مالتي", "هسه وين صار طلبي", "اكو توصيل للبصرة", "ماكو احد يجاوب",
      "شكد سعر التوصيل", "اريد ابدل القياس هواي صغير", "دزولي الفاتورة عفية", "اگدر ادفع بالكارت",
      "الطلب بعده ما وصل شنو السالفة هسه", "لعد شلون ارجع الحاجة", "انطوني رقم خدمة الزبائن",
      "المنتج كلش رديء", "عدكم فرع ببغداد", "shwakt yosal el talab", "aku tawseel lil basra"}},
    {Dialect::maghrebi,
     {"بغيت نعرف فين وصلات الكوموند ديالي", "واش عندكم توصيل لكازا", "شحال ثمن الليفريزون",
      "علاش مازال ماوصلاتنيش", "كيفاش نرجع هادشي", "نحب نبدل القياس متاعي", "وقتاش تجي الكوموند",
      "برشا وقت وأنا نستنى", "راني خلصت ومازال والو", "قداش يلزم وقت باش توصل", "دابا بغيت نلغي",
      "كاين شي تخفيض", "bghit nraja3 lcommande dyali", "wach kayn tawsil l rabat",
      "n7eb nbeddel el taille mta3i"}},
};

TEST(Dialect, IsToldByItsWords) {
  for (const Sentences& group : kSentences) {
    EXPECT_GE(group.texts.size(), 12U);
    for (const char* text : group.texts) {
      EXPECT_EQ(name(dialect_of(text)), name(group.dialect)) << text;
    }
  }
}

TEST(Dialect, WhatManyShareFollowsTheConversation) {
  for (const char* text :
       {"وين طلبي", "طلبي", "A-1032", "شكرا", "تمام", "ليش", "رقم الطلب ١٢٣٤٥"}) {
    EXPECT_EQ(name(dialect_of(text, Dialect::levantine)),
              text == std::string_view("A-1032") ? "" : "levantine")
        << text;
  }
  EXPECT_EQ(name(dialect_of("طلبي")), "");
  EXPECT_EQ(name(dialect_of("عايز اكلم حد", Dialect::gulf)), "egyptian") << "clear words switch";
  EXPECT_EQ(name(dialect_of("where is my order", Dialect::gulf)), "") << "of Arabic only";
}

}  // namespace
}  // namespace wasl::intents
