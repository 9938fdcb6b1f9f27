#include "values.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "choice.h"
#include "texts.h"

namespace sandbox {
namespace {


std::string_view pick(Texts texts, Random& random) {
  return texts[random.below(texts.size())];
}

// `","active_until":null,"created_by_actor":{…},` for each actor: what follows active_from.
const std::string& after_active_from(size_t actor) {
  static const auto kPieces = [] {
    std::array<std::string, std::size(kActors)> pieces;
    for (size_t i = 0; i < pieces.size(); ++i)
      pieces[i] =
          fmt::format(R"(","active_until":null,"created_by_actor":{},)", actor_json(kActors[i]));
    return pieces;
  }();
  return kPieces[actor];
}

void lower(std::string_view word, JsonWriter& out) {
  for (const char c : word) out.raw(static_cast<char>(c | 0x20));  // the words are ASCII letters
}

uint64_t number_of(const RowFacts& facts) {
  return facts.row.key & 0xffffffffff;
}

// "halden-freight-12-example.com", one for each row.
void root_domain(const RowFacts& facts, JsonWriter& out) {
  lower(first_words()[facts.first_word], out);
  out.raw('-');
  lower(second_words()[facts.second_word], out);
  out.raw('-');
  out.number(number_of(facts));
  out.raw("-example.com");
}

void text(const Column& column, RowFacts& facts, std::string_view filler, JsonWriter& out) {
  out.raw(R"("value":")");
  switch (column.content) {
    case Content::row_id:
      out.raw(facts.id());
      break;
    case Content::name:
      out.raw(first_words()[facts.first_word]);
      out.raw(' ');
      out.raw(second_words()[facts.second_word]);
      out.raw(' ');
      out.number(number_of(facts));
      break;
    case Content::url:
      out.raw("https:\\/\\/img.example/");  // both spellings of a slash are legal JSON
      lower(second_words()[facts.second_word], out);
      out.raw('/');
      out.number(facts.random.below(1000000));
      out.raw("?a=1&b=%20#x");
      break;
    case Content::filler:
      out.raw(filler);
      break;
    case Content::wild:
      out.raw(pick(wild_texts(), facts.random));
      break;
    case Content::ordinary:
    case Content::row_created:
    case Content::row_creator:
      out.raw(pick(job_titles(), facts.random));
      break;
  }
  out.raw('"');
}

void number(const Column& column, RowFacts& facts, JsonWriter& out) {
  out.raw(R"("value":)");
  if (column.content == Content::wild) return out.raw(pick(wild_numbers(), facts.random));
  out.number(facts.random.below(100000));
  if (facts.random.percent(30)) {
    out.raw('.');
    out.number(1 + facts.random.below(9999));
  }
}

void currency(const Column& column, RowFacts& facts, JsonWriter& out) {
  out.raw(R"("currency_code":)");
  out.raw(pick(currency_codes(), facts.random));
  out.raw(R"(,"currency_value":)");
  if (column.content == Content::wild) return out.raw(pick(wild_amounts(), facts.random));
  out.number(facts.random.below(10000000));
  if (facts.random.percent(50)) out.raw(".25");
}

void date(const Column& column, RowFacts& facts, JsonWriter& out) {
  out.raw(R"("value":")");
  if (column.content == Content::wild) {
    out.raw(pick(wild_dates(), facts.random));
  } else {
    char text[kTimestampLength];
    write_timestamp(kWorkspaceStart - static_cast<Milliseconds>(facts.random.below(18000)) * kDay,
                    text);
    out.raw(std::string_view(text, 10));
  }
  out.raw('"');
}

void timestamp(const Column& column, RowFacts& facts, JsonWriter& out) {
  out.raw(R"("value":")");
  if (column.content == Content::row_created)
    out.timestamp(facts.created_attribute);
  else if (column.content == Content::wild)
    out.raw(pick(wild_timestamps(), facts.random));
  else
    out.raw(facts.touched_at());
  out.raw('"');
}

void actor_reference(const Column& column, RowFacts& facts, JsonWriter& out) {
  const Actor& actor =
      kActors[column.content == Content::row_creator ? facts.creator : facts.random.below(2)];
  out.raw(R"("referenced_actor_type":")");
  out.raw(actor.type);
  out.raw(R"(","referenced_actor_id":)");
  if (actor.id.empty()) return out.raw("null");
  out.raw('"');
  out.raw(actor.id);
  out.raw('"');
}

void location(const Column& column, RowFacts& facts, JsonWriter& out) {
  const size_t place = facts.random.below(localities().size());
  if (column.content == Content::wild && facts.random.percent(50)) {
    out.raw(
        R"("line_1":null,"line_2":null,"line_3":null,"line_4":null,"locality":null,"region":null,"postcode":null,)"
        R"("country_code":")");
    out.raw(country_codes()[place]);
    return out.raw(R"(","latitude":null,"longitude":null)");
  }
  out.raw(R"("line_1":")");
  out.number(1 + facts.random.below(200));
  out.raw(R"( Canal Yard","line_2":null,"line_3":null,"line_4":null,"locality":")");
  out.raw(localities()[place]);
  out.raw(R"(","region":null,"postcode":"0)");
  out.number(1000 + facts.random.below(9000));
  out.raw(R"(","country_code":")");
  out.raw(country_codes()[place]);
  out.raw(R"(","latitude":"53.)");
  out.number(1000000 + facts.random.below(9000000));
  out.raw(R"(","longitude":"-1.)");
  out.number(1000000 + facts.random.below(9000000));
  out.raw('"');
}

// The second and later domains of a row are sub-domains of the first.
void domain(RowFacts& facts, size_t nth, JsonWriter& out) {
  out.raw(R"("domain":")");
  if (nth > 0) {
    out.raw("ops");
    out.number(nth);
    out.raw('.');
  }
  root_domain(facts, out);
  out.raw(R"(","root_domain":")");
  root_domain(facts, out);
  out.raw('"');
}

void email_address(RowFacts& facts, size_t nth, JsonWriter& out) {
  const auto local = [&](bool original) {
    const std::string_view first = first_words()[facts.first_word],
                           second = second_words()[facts.second_word];
    original ? out.raw(first) : lower(first, out);
    out.raw('.');
    original ? out.raw(second) : lower(second, out);
    if (nth == 0) return;
    out.raw('+');
    out.number(nth);
  };
  out.raw(R"("original_email_address":")");
  local(true);
  out.raw('@');
  root_domain(facts, out);
  out.raw(R"(","email_address":")");
  local(false);
  out.raw('@');
  root_domain(facts, out);
  out.raw(R"(","email_domain":")");
  root_domain(facts, out);
  out.raw(R"(","email_root_domain":")");
  root_domain(facts, out);
  out.raw(R"(","email_local_specifier":")");
  local(false);
  out.raw('"');
}

void phone_number(RowFacts& facts, JsonWriter& out) {
  const uint64_t digits = 20000000 + facts.random.below(10000000);
  out.raw(R"("original_phone_number":"+47 )");
  out.number(digits);
  out.raw(R"(","country_code":"NO","phone_number":"+47)");
  out.number(digits);
  out.raw('"');
}

void interaction(RowFacts& facts, JsonWriter& out) {
  static constexpr std::array<std::string_view, 6> kKinds{
      "email", "calendar-event", "call", "chat-thread", "in-person-meeting", "meeting"};
  out.raw(R"("interaction_type":")");
  out.raw(pick(kKinds, facts.random));
  out.raw(R"(","interacted_at":")");
  out.raw(facts.touched_at());
  out.raw(R"(","owner_actor":{"type":"workspace-member","id":")");
  out.raw(kActors[facts.random.below(2)].id);
  out.raw(R"("})");
}

void personal_name(const Column& column, RowFacts& facts, JsonWriter& out) {
  if (column.content == Content::wild && facts.random.percent(40))
    return out.raw(
        R"("first_name":"","last_name":"Ødegård \"Zoë\"","full_name":"Ødegård \"Zoë\"")");
  const std::string_view first = first_words()[facts.first_word],
                         last = second_words()[facts.second_word];
  out.raw(R"("first_name":")");
  out.raw(first);
  out.raw(R"(","last_name":")");
  out.raw(last);
  out.raw(R"(","full_name":")");
  out.raw(first);
  out.raw(' ');
  out.raw(last);
  out.raw('"');
}

void spectrum(uint64_t draw, JsonWriter& out) {
  out.raw(R"("spectrum":{"unit":"nm","peaks":[)");
  out.number(380 + draw % 100);
  out.raw(',');
  out.number(500 + draw % 280);
  out.raw(R"(],"baseline":null})");
}

void members(const Column& column, RowFacts& facts, size_t nth, uint64_t draw,
             std::string_view filler, JsonWriter& out) {
  switch (column.type) {
    case ValueType::text:
      return text(column, facts, filler, out);
    case ValueType::number:
      return number(column, facts, out);
    case ValueType::checkbox:
      return out.raw(draw & 1 ? R"("value":true)" : R"("value":false)");
    case ValueType::currency:
      return currency(column, facts, out);
    case ValueType::date:
      return date(column, facts, out);
    case ValueType::timestamp:
      return timestamp(column, facts, out);
    case ValueType::rating:
      out.raw(R"("value":)");
      return out.number(draw % 6);
    case ValueType::status:
    case ValueType::select:
      return out.raw(column.choices[(draw + nth) % column.choices.size()]);
    case ValueType::record_reference: {
      const Column::Reference& reference =
          column.references[(draw + nth) % column.references.size()];
      out.raw(reference.open);
      out.uuid(*reference.rows->original_id(facts.random.next()));
      return out.raw('"');
    }
    case ValueType::actor_reference:
      return actor_reference(column, facts, out);
    case ValueType::location:
      return location(column, facts, out);
    case ValueType::domain:
      return domain(facts, nth, out);
    case ValueType::email_address:
      return email_address(facts, nth, out);
    case ValueType::phone_number:
      return phone_number(facts, out);
    case ValueType::interaction:
      return interaction(facts, out);
    case ValueType::personal_name:
      return personal_name(column, facts, out);
    case ValueType::future:
      return spectrum(draw, out);
  }
}

}  // namespace

std::string actor_json(const Actor& actor) {
  const std::string id = actor.id.empty() ? "null" : json_string(actor.id);
  return fmt::format(R"({{"type":"{}","id":{}}})", actor.type, id);
}

RowFacts::RowFacts(const Row& the_row, uint64_t seed)
    : row(the_row), random(mix(seed ^ mix(the_row.key))) {
  creator = random.below(kSystem);
  created = kWorkspaceStart +
            static_cast<Milliseconds>(random.below(500ULL * kDay / 100)) * 100 +
            static_cast<Milliseconds>(random.below(100));
  const bool by_a_person = creator < 2;
  created_attribute =
      created - (by_a_person ? static_cast<Milliseconds>(12000 + random.below(105000)) : 0);
  write_uuid(row.id, id_text);
  write_timestamp(created, created_text);
  write_timestamp(created + static_cast<Milliseconds>(random.below(9000000)) * kSecond,
                  touched_text);
  first_word = random.below(first_words().size());
  second_word = random.below(second_words().size());
}

Column::Column(const Attribute& attribute, const Uuid& workspace, const Uuid& owner,
               const References& rows)
    : slug(attribute.slug),
      type(attribute.type),
      content(attribute.content),
      fill(attribute.fill),
      multi(attribute.multi),
      open(json_string(attribute.slug) + ":["),
      close(fmt::format(R"(,"attribute_type":"{}"}})", to_text(attribute.type))) {
  for (const Choice& choice : choices_of(attribute, workspace, owner))
    choices.push_back(
        fmt::format(R"("{}":{})", type == ValueType::status ? "status" : "option", choice.json));
  for (const auto& target : attribute.targets) {
    const auto found = rows.find(target);
    if (found == rows.end() || !found->second->original_id(0)) continue;
    references.push_back(
        {fmt::format(R"("target_object":"{}","target_record_id":")", target), found->second});
  }
  if (type == ValueType::record_reference && references.empty()) fill = 0;
}

void write_values(const Column& column, RowFacts& facts, std::string_view filler, JsonWriter& out) {
  size_t count = column.multi ? 1 + facts.random.below(3) : 1;
  if (!column.choices.empty()) count = std::min(count, column.choices.size());
  const uint64_t draw = facts.random.below(1 << 20);
  const bool about_creation = column.content == Content::row_id ||
                              column.content == Content::row_created ||
                              column.content == Content::row_creator;
  const bool enriched = !about_creation && (column.type == ValueType::interaction || draw % 3 == 0);
  for (size_t nth = 0; nth < count; ++nth) {
    if (nth > 0) out.raw(',');
    out.raw(R"({"active_from":")");
    out.raw(about_creation || draw % 2 == 0 ? facts.created_at() : facts.touched_at());
    out.raw(after_active_from(enriched ? kSystem : facts.creator));
    members(column, facts, nth, draw, filler, out);
    out.raw(column.close);
  }
}

}  // namespace sandbox
