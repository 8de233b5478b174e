#include "intents/entities_builtin.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace wasl::intents {
namespace {

using namespace std::chrono_literals;

// A Wednesday.
constexpr std::chrono::year_month_day kToday = 2026y / 11 / 18;

std::string entities_of(const std::string& text, std::chrono::year_month_day today = kToday) {
  const Clean cleaned = clean(text);
  std::string all;
  for (const EntityHit& hit : find_builtins(cleaned, read_words(cleaned), today)) {
    const Span from = cleaned.original(hit.span.start, hit.span.end);
    if (!all.empty()) all += "; ";
    all +=
        hit.entity + "=" + hit.value + " '" + text.substr(from.start, from.end - from.start) + "'";
  }
  return all;
}

struct Case {
  const char* text;
  const char* want;
};

const Case kCases[] = {
    // numbers
    {"i want 3 shirts", "number=3 '3'"},
    {"١٢٠٠ قطعة", "number=1200 '١٢٠٠'"},
    {"1,200.50 or 1200,5", "number=1200.5 '1,200.50'; number=1200.5 '1200,5'"},
    {"the ip 192.168.1.1", ""},
    {"iphone15 and mp3", ""},
    {"where is my order", ""},
    {"وين طلبي", ""},
    // amounts
    {"i paid 200 SAR", "amount=200 SAR '200 SAR'"},
    {"دفعت ٢٠٠ ريال", "amount=200 SAR '٢٠٠ ريال'"},
    {"سعره 15.500 د.ك", "amount=15.5 KWD '15.500 د.ك'"},
    {"3.5 دينار كويتي", "amount=3.5 KWD '3.5 دينار كويتي'"},
    {"٥٠ جنيه", "amount=50 EGP '٥٠ جنيه'"},
    {"100 درهم مغربي", "amount=100 MAD '100 درهم مغربي'"},
    {"AED 99.90 only", "amount=99.9 AED 'AED 99.90'"},
    {"it costs $1,250", "amount=1250 USD '$1,250'"},
    {"€30 please", "amount=30 EUR '€30'"},
    {"30€", "amount=30 EUR '30€'"},
    {"50sar", "amount=50 SAR '50sar'"},
    {"25 دولار", "amount=25 USD '25 دولار'"},
    {"20 pounds", "amount=20 GBP '20 pounds'"},
    // e-mail, telephone, account
    {"write to Ali.Saleh+1@Shop-x.com.", "email=ali.saleh+1@shop-x.com 'Ali.Saleh+1@Shop-x.com'"},
    {"follow @noor or a@b", ""},
    {"call 0501234567", "phone=0501234567 '0501234567'"},
    {"+966 50 123 4567 now", "phone=+966501234567 '+966 50 123 4567'"},
    {"00201001234567", "phone=+201001234567 '00201001234567'"},
    {"رقمي ٩٨٧٦٥٤٣٢", "phone=98765432 '٩٨٧٦٥٤٣٢'"},
    {"جوالي ٠٥٥ ١٢٣ ٤٥٦٧", "phone=0551234567 '٠٥٥ ١٢٣ ٤٥٦٧'"},
    {"98765432", "number=98765432 '98765432'"},
    {"SA03 8000 0000 6080 1016 7519",
     "iban=SA0380000000608010167519 'SA03 8000 0000 6080 1016 7519'"},
    {"my iban is GB82WEST12345698765432 ok",
     "iban=GB82WEST12345698765432 'GB82WEST12345698765432'"},
    {"SA0380000000608010167518", ""},
    // orders
    {"order number 445566", "order_number=445566 '445566'"},
    {"رقم الطلب هو: ٤٤٥٥٦٦", "order_number=445566 '٤٤٥٥٦٦'"},
    {"where is a-1032?", "order_number=A-1032 'a-1032'"},
    {"ORD-2024-0077 please", "order_number=ORD-2024-0077 'ORD-2024-0077'"},
    {"#88123", "order_number=88123 '88123'"},
    {"covid-19", "number=19 '19'"},
    // dates
    {"tomorrow", "date=2026-11-19 'tomorrow'"},
    {"ابي استلم بكرة", "date=2026-11-19 'بكرة'"},
    {"غداً", "date=2026-11-19 'غداً'"},
    {"باجر العصر", "date=2026-11-19 'باجر'"},
    {"the day after tomorrow", "date=2026-11-20 'the day after tomorrow'"},
    {"بعد بكره", "date=2026-11-20 'بعد بكره'"},
    {"طلبته أمس", "date=2026-11-17 'أمس'"},
    {"اول امبارح", "date=2026-11-16 'اول امبارح'"},
    {"النهارده", "date=2026-11-18 'النهارده'"},
    {"on sunday", "date=2026-11-22 'sunday'"},
    {"الأحد القادم", "date=2026-11-22 'الأحد القادم'"},
    {"الاربعاء", "date=2026-11-25 'الاربعاء'"},
    {"last friday", "date=2026-11-13 'last friday'"},
    {"الجمعة اللي فاتت", "date=2026-11-13 'الجمعة اللي فاتت'"},
    {"next week", "date=2026-11-25 'next week'"},
    {"الأسبوع الجاي", "date=2026-11-25 'الأسبوع الجاي'"},
    {"in 3 days", "date=2026-11-21 'in 3 days'"},
    {"بعد يومين", "date=2026-11-20 'بعد يومين'"},
    {"2 weeks ago", "date=2026-11-04 '2 weeks ago'"},
    {"قبل ٣ أيام", "date=2026-11-15 'قبل ٣ أيام'"},
    {"12/5/2026", "date=2026-05-12 '12/5/2026'"},
    {"5/13/2026", "date=2026-05-13 '5/13/2026'"},
    {"2026-05-12", "date=2026-05-12 '2026-05-12'"},
    {"12/12", "date=2026-12-12 '12/12'"},
    {"٢/١", "date=2027-01-02 '٢/١'"},
    {"١٢ مايو", "date=2027-05-12 '١٢ مايو'"},
    {"12th of May 2025", "date=2025-05-12 '12th of May 2025'"},
    {"may 12, 2027", "date=2027-05-12 'may 12, 2027'"},
    {"3 كانون الثاني", "date=2027-01-03 '3 كانون الثاني'"},
    {"30 february", "number=30 '30'"},
    {"may i return it", ""},
    {"2-3 days", "number=2 '2'; number=3 '3'"},
    {"وبكرة", "date=2026-11-19 'بكرة'"},
    // times
    {"at 5pm", "time=17:00 'at 5pm'"},
    {"17:30", "time=17:30 '17:30'"},
    {"الساعة ٩ الصبح", "time=09:00 'الساعة ٩ الصبح'"},
    {"5 العصر", "time=17:00 '5 العصر'"},
    {"12 am", "time=00:00 '12 am'"},
    {"الساعة 1 الظهر", "time=13:00 'الساعة 1 الظهر'"},
    {"tomorrow at 6:15 pm", "date=2026-11-19 'tomorrow'; time=18:15 'at 6:15 pm'"},
    {"25:00", "number=25 '25'; number=0 '00'"},
};

TEST(Builtin, ReadsWhatPeopleWrite) {
  for (const Case& c : kCases) EXPECT_EQ(entities_of(c.text), c.want) << c.text;
}

TEST(Builtin, WithoutTodayOnlyWholeDatesAreDates) {
  const std::chrono::year_month_day unknown{};
  for (const char* text : {"tomorrow", "الأحد القادم", "next month"}) {
    EXPECT_EQ(entities_of(text, unknown), "") << text;
  }
  EXPECT_EQ(entities_of("12/5/2026", unknown), "date=2026-05-12 '12/5/2026'");
}

TEST(Builtin, MonthsEndWhereTheyEnd) {
  EXPECT_EQ(entities_of("next month", 2026y / 1 / 31), "date=2026-02-28 'next month'");
}

TEST(Builtin, AreCountedAndBounded) {
  std::string many;
  for (int i = 0; i < 2'000; ++i) many += "7 ";
  const Clean cleaned = clean(many);
  EXPECT_EQ(find_builtins(cleaned, read_words(cleaned), kToday).size(), 16U);
}

}  // namespace
}  // namespace wasl::intents
