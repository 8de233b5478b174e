// A calendar file → days and times when nobody is at the desk.  libical parses; that a line is
// damaged is found by looking at the text itself, because the parser drops what it cannot read.
//
// Every event means closed: whether it shows as busy says nothing here.  Left out: time zones that
// a file defines itself under a name of its own; the name must be an IANA one.
#include "handoff/calendar.hpp"

#include "handoff/zone.hpp"

#include <libical/ical.h>

#include <map>
#include <memory>
#include <string_view>
#include <vector>

namespace wasl::handoff {
namespace {

constexpr std::size_t kOccurrencesMax = 5'000;
constexpr int kFirstYear = 2000;
constexpr int kLastYear = 2099;
constexpr int kDaysMax = 366;

using Component = std::unique_ptr<icalcomponent, decltype(&icalcomponent_free)>;
using Iterator = std::unique_ptr<icalrecur_iterator, decltype(&icalrecur_iterator_free)>;

bool opens(std::string_view line, std::string_view with) {
  if (line.size() < with.size()) return false;
  return std::equal(with.begin(), with.end(), line.begin(), [](char wanted, char found) {
    return wanted == (found >= 'a' && found <= 'z' ? static_cast<char>(found - 'a' + 'A') : found);
  });
}

/// The wall clock as if it were UTC; nothing when it is no date.
std::optional<Time> wall_of(const icaltimetype& at) {
  const std::chrono::year_month_day date{std::chrono::year{at.year},
                                         std::chrono::month{static_cast<unsigned>(at.month)},
                                         std::chrono::day{static_cast<unsigned>(at.day)}};
  const bool clock = at.hour >= 0 && at.hour < 24 && at.minute >= 0 && at.minute < 60;
  if (at.year < 1900 || at.year > 9999 || !date.ok() || !clock) return std::nullopt;
  return Time(sys_days{date}) + Millis{((at.hour * 60LL + at.minute) * 60 + at.second) * 1000};
}

class Calendar {
 public:
  Calendar(const std::string& text, const std::string& file, yaml::Mistakes& mistakes, Hours& out)
      : text_(text), file_(file), mistakes_(mistakes), out_(out) {}

  void read() {
    if (!sound()) return;
    const Component root(icalparser_parse_string(text_.c_str()), icalcomponent_free);
    if (!root) return complain(1, "cannot be read as a calendar");
    each_event(*root, [&](icalcomponent& event, int) { note_override(event); });
    each_event(*root, [&](icalcomponent& event, int line) { add(event, line); });
    if (!damaged_) commit();
  }

 private:
  /// A moment of an event: its wall clock, and the zone of that clock.
  struct Moment {
    Time wall{};
    std::string zone;
    bool whole_day = false;
  };

  void complain(int line, std::string what) {
    damaged_ = true;
    mistakes_.add(file_, {line, 1}, std::move(what));
  }

  /// Lines have a name and a value, and what begins ends; notes where events begin.
  bool sound() {
    std::vector<std::pair<std::string, int>> open;
    int number = 0;
    bool begun = false;
    std::string_view rest = text_;
    if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
    while (!rest.empty() && !damaged_) {
      ++number;
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      std::string_view line = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (line.empty() || line.front() == ' ' || line.front() == '\t') continue;
      if (line.find('\0') != std::string_view::npos || line.find(':') == std::string_view::npos) {
        complain(number, "the calendar is damaged here: a line has a name, a colon and a value");
      } else if (!begun && !opens(line, "BEGIN:VCALENDAR")) {
        complain(number, "a calendar must begin with BEGIN:VCALENDAR");
      } else if (opens(line, "BEGIN:")) {
        open.emplace_back(line.substr(6), number);
        if (opens(line, "BEGIN:VEVENT")) event_lines_.push_back(number);
      } else if (opens(line, "END:")) {
        if (open.empty() || !opens(line.substr(4), open.back().first)) {
          complain(number, "the calendar is damaged here: nothing of this name is open");
        } else {
          open.pop_back();
        }
      }
      begun = true;
    }
    if (!begun) complain(1, "a calendar must begin with BEGIN:VCALENDAR");
    if (!damaged_ && !open.empty()) {
      complain(open.back().second, "the calendar ends before '" + open.back().first + "' does");
    }
    return !damaged_;
  }

  template <typename Work>
  void each_event(icalcomponent& root, Work work) {
    std::size_t number = 0;
    for (icalcomponent* event = icalcomponent_get_first_component(&root, ICAL_VEVENT_COMPONENT);
         event != nullptr; event = icalcomponent_get_next_component(&root, ICAL_VEVENT_COMPONENT)) {
      work(*event, number < event_lines_.size() ? event_lines_[number] : 1);
      ++number;
    }
  }

  static std::string uid_of(icalcomponent& event) {
    const char* uid = icalcomponent_get_uid(&event);
    return uid == nullptr ? "" : uid;
  }

  /// One occurrence of a repeated event that stands elsewhere by itself.
  void note_override(icalcomponent& event) {
    icalproperty* id = icalcomponent_get_first_property(&event, ICAL_RECURRENCEID_PROPERTY);
    if (id == nullptr) return;
    if (const auto wall = wall_of(icalproperty_get_recurrenceid(id))) {
      overridden_[uid_of(event)].insert(*wall);
    }
  }

  /// What the parser could not read of the lines that say when.
  void complain_of_lost_lines(icalcomponent& event, int line) {
    for (icalproperty* lost = icalcomponent_get_first_property(&event, ICAL_XLICERROR_PROPERTY);
         lost != nullptr; lost = icalcomponent_get_next_property(&event, ICAL_XLICERROR_PROPERTY)) {
      const char* raw = icalproperty_get_xlicerror(lost);
      const std::string_view words = raw == nullptr ? "" : raw;
      for (const char* when : {"DTSTART", "DTEND", "DURATION", "RRULE", "EXDATE", "RDATE"}) {
        if (words.find(when) == std::string_view::npos) continue;
        return complain(line, std::string("the event that begins here has a damaged ") + when);
      }
    }
  }

  std::optional<Moment> moment_of(icalproperty& property, const icaltimetype& at, int line) {
    Moment moment;
    const auto wall = wall_of(at);
    if (!wall) {
      complain(line, "the event that begins here has a date that does not exist");
      return std::nullopt;
    }
    moment.wall = *wall;
    moment.whole_day = at.is_date != 0;
    icalparameter* zone = icalproperty_get_first_parameter(&property, ICAL_TZID_PARAMETER);
    moment.zone = zone != nullptr ? icalparameter_get_tzid(zone) : out_.zone;
    if (icaltime_is_utc(at) != 0) moment.zone = "UTC";
    if (!moment.whole_day && !Zone(moment.zone).known()) {
      complain(line, "the event that begins here has an unknown time zone '" + moment.zone + "'");
      return std::nullopt;
    }
    return moment;
  }

  static Time instant(const Moment& moment) {
    return *Zone(moment.zone).moments(moment.wall).begin();
  }

  /// How long the event lasts; nothing when that cannot be said, zero when it has no length.
  std::optional<Millis> length_of(icalcomponent& event, const Moment& start, int line) {
    Millis length = start.whole_day ? Millis{24LL * 3600 * 1000} : Millis{0};
    if (icalproperty* end = icalcomponent_get_first_property(&event, ICAL_DTEND_PROPERTY)) {
      const auto until = moment_of(*end, icalproperty_get_dtend(end), line);
      if (!until) return std::nullopt;
      length = start.whole_day ? until->wall - start.wall : instant(*until) - instant(start);
    } else if (icalproperty* lasts =
                   icalcomponent_get_first_property(&event, ICAL_DURATION_PROPERTY)) {
      length = Millis{icaldurationtype_as_int(icalproperty_get_duration(lasts)) * 1000LL};
    }
    if (length >= Millis{0} && length <= days{kDaysMax}) return length;
    complain(line, "the event that begins here must end after it begins, within a year");
    return std::nullopt;
  }

  /// The wall clocks at which it begins.
  std::set<Time> beginnings(icalcomponent& event, const icaltimetype& first, const Moment& start,
                            int line) {
    std::set<Time> all{start.wall};
    const auto add = [&](const icaltimetype& at) {
      const auto wall = wall_of(at);
      if (wall && at.year >= kFirstYear) all.insert(*wall);
      if (all.size() <= kOccurrencesMax) return true;
      complain(line, "the event that begins here repeats too often: more than " +
                         std::to_string(kOccurrencesMax) + " times until " +
                         std::to_string(kLastYear));
      return false;
    };
    for (icalproperty* rule = icalcomponent_get_first_property(&event, ICAL_RRULE_PROPERTY);
         rule != nullptr; rule = icalcomponent_get_next_property(&event, ICAL_RRULE_PROPERTY)) {
      const Iterator iterator(icalrecur_iterator_new(icalproperty_get_rrule(rule), first),
                              icalrecur_iterator_free);
      if (!iterator) {
        complain(line, "the event that begins here has a damaged RRULE");
        return {};
      }
      for (icaltimetype at = icalrecur_iterator_next(iterator.get());
           icaltime_is_null_time(at) == 0 && at.year <= kLastYear;
           at = icalrecur_iterator_next(iterator.get())) {
        if (!add(at)) return {};
      }
    }
    for (icalproperty* more = icalcomponent_get_first_property(&event, ICAL_RDATE_PROPERTY);
         more != nullptr; more = icalcomponent_get_next_property(&event, ICAL_RDATE_PROPERTY)) {
      if (!add(icalproperty_get_rdate(more).time)) return {};
    }
    for (icalproperty* less = icalcomponent_get_first_property(&event, ICAL_EXDATE_PROPERTY);
         less != nullptr; less = icalcomponent_get_next_property(&event, ICAL_EXDATE_PROPERTY)) {
      if (const auto wall = wall_of(icalproperty_get_exdate(less))) all.erase(*wall);
    }
    const bool repeats =
        icalcomponent_get_first_property(&event, ICAL_RECURRENCEID_PROPERTY) == nullptr;
    if (repeats) {
      for (const Time moved : overridden_[uid_of(event)]) all.erase(moved);
    }
    return all;
  }

  void add(icalcomponent& event, int line) {
    complain_of_lost_lines(event, line);
    if (damaged_ || icalcomponent_get_status(&event) == ICAL_STATUS_CANCELLED) return;
    icalproperty* property = icalcomponent_get_first_property(&event, ICAL_DTSTART_PROPERTY);
    if (property == nullptr) return complain(line, "the event that begins here has no DTSTART");
    const icaltimetype first = icalproperty_get_dtstart(property);
    const auto start = moment_of(*property, first, line);
    if (!start) return;
    const auto length = length_of(event, *start, line);
    if (!length) return;
    for (const Time wall : beginnings(event, first, *start, line)) {
      if (++occurrences_ > kOccurrencesMax) {
        return complain(line, "the calendar has more than " + std::to_string(kOccurrencesMax) +
                                  " events, repeated ones counted each time");
      }
      if (start->whole_day) {
        const sys_days day = std::chrono::floor<days>(wall);
        const auto count = std::chrono::floor<days>(*length).count();
        for (int i = 0; i < count; ++i) days_.emplace(day + days{i});
      } else if (*length > Millis{0}) {
        const Time from = instant({wall, start->zone, false});
        closures_.push_back({from, from + *length});
      }
    }
  }

  void commit() {
    out_.holidays.insert(days_.begin(), days_.end());
    closures_.insert(closures_.end(), out_.closures.begin(), out_.closures.end());
    std::sort(closures_.begin(), closures_.end(),
              [](const auto& a, const auto& b) { return a.from < b.from; });
    out_.closures.clear();
    for (const Hours::Closure& closure : closures_) {
      if (!out_.closures.empty() && closure.from <= out_.closures.back().to) {
        out_.closures.back().to = std::max(out_.closures.back().to, closure.to);
      } else {
        out_.closures.push_back(closure);
      }
    }
  }

  const std::string& text_;
  const std::string& file_;
  yaml::Mistakes& mistakes_;
  Hours& out_;
  bool damaged_ = false;
  std::vector<int> event_lines_;
  std::map<std::string, std::set<Time>> overridden_;  ///< by UID
  std::size_t occurrences_ = 0;
  std::set<std::chrono::year_month_day> days_;
  std::vector<Hours::Closure> closures_;
};

}  // namespace

void read_calendar(const std::string& text, const std::string& file, yaml::Mistakes& mistakes,
                   Hours& out) {
  Calendar(text, file, mistakes, out).read();
}

}  // namespace wasl::handoff
