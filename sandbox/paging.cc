#include "paging.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "errors.h"

namespace sandbox {
namespace {

constexpr uint64_t kMost = 1ULL << 53;

struct Refused {
  Reply reply;
};

[[noreturn]] void refuse_value(const char* name, std::string_view code, std::string_view more,
                               std::string_view message) {
  throw Refused{
      invalid_parameters(fmt::format(R"({{"code":"{}",{}"message":{},"path":["{}"]}})", code, more,
                                     json_string(message), name))};
}

uint64_t count_of(const Call& call, const char* name, uint64_t fallback, uint64_t least,
                  uint64_t most) {
  const auto text = call.query.find(name);
  if (!text) return fallback;
  double value = 0;
  const char* end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, value);
  if (error != std::errc() || stop != end || !std::isfinite(value) || value != std::floor(value))
    refuse_value(name, "invalid_type", R"("expected":"integer",)", "Expected integer");
  if (value < static_cast<double>(least))
    refuse_value(name, "too_small", fmt::format(R"("minimum":{},)", least),
                 fmt::format("Number must be greater than or equal to {}", least));
  if (value > static_cast<double>(most))
    refuse_value(name, "too_big", fmt::format(R"("maximum":{},)", most),
                 fmt::format("Number must be less than or equal to {}", most));
  return static_cast<uint64_t>(value);
}

uint64_t limit_of(const Call& call, const PageRules& rules) {
  const uint64_t most = rules.most == 0 ? kMost : rules.most;
  const uint64_t limit = rules.fixed ? rules.fallback
                                     : count_of(call, "limit", rules.fallback, rules.least, most);
  return call.limits.page_cap == 0 ? limit : std::min(limit, call.limits.page_cap);
}

// Where the next page starts: behind a place, and how many pages there were.
struct Cursor {
  uint64_t place = 0;
  uint64_t pages = 0;

  uint64_t packed() const { return place << 16 | (pages & 0xffff); }
};

// A cursor is only good for the request it was made for: two words, of which the second proves that
// the first was made with the same path and parameters.
uint64_t tie_of(const Call& call) {
  return hash_text(fmt::format("{}?{}", path_of(call.request.target),
                               call.query.text_without("cursor")));
}

std::string cursor_json(const Call& call, const Cursor& cursor) {
  const uint64_t tie = tie_of(call);
  return fmt::format("\"{:016x}{:016x}\"", cursor.packed() ^ mix(tie), mix(cursor.packed() + tie));
}

std::optional<Cursor> cursor_of(const Call& call) {
  const auto text = call.query.find("cursor");
  if (!text) return std::nullopt;
  const uint64_t tie = tie_of(call);
  uint64_t words[2] = {};
  bool good = text->size() == 32;
  for (int i = 0; good && i < 2; ++i) {
    const char* begin = text->data() + 16 * i;
    good = std::from_chars(begin, begin + 16, words[i], 16).ptr == begin + 16;
  }
  const uint64_t packed = words[0] ^ mix(tie);
  if (!good || words[1] != mix(packed + tie))
    refuse_value("cursor", "custom", "", "The cursor does not belong to these parameters");
  return Cursor{packed >> 16, packed & 0xffff};
}

// With short pages: half a page, an empty one, a full one, and so on; and the last row is never on
// the last page if that was a half one.
CursorPage read_cursor_page(const Call& call, Collection& rows, const PageRules& rules,
                            const WriteRow& write) {
  uint64_t limit = limit_of(call, rules);
  const auto cursor = cursor_of(call);
  const uint64_t pages = cursor ? cursor->pages : 0, turn = pages % 3;
  const bool shortened = call.limits.short_cursor_pages;
  if (shortened && turn == 0) limit = std::max<uint64_t>(1, limit / 2);
  if (shortened && turn == 1) limit = 0;
  std::optional<uint64_t> place;
  if (cursor && cursor->place != 0) place = cursor->place;
  const Collection::Slice slice = rows.after(place, limit);
  CursorPage page;
  page.rows = "[";
  JsonWriter writer(page.rows);
  uint64_t index = slice.begin;
  for (const Row& row : slice.rows) {
    if (index != slice.begin) writer.raw(',');
    write(row, writer);
    write_extra(call.extra_keys, index++, page.rows);
    writer.raw('}');
  }
  writer.raw(']');
  if (!slice.rows.empty()) place = Collection::place(slice.rows.back().id);
  const bool one_more = shortened && turn == 0 && !slice.rows.empty();
  page.next_cursor =
      slice.more || one_more ? cursor_json(call, {place.value_or(0), pages + 1}) : "null";
  return page;
}

}  // namespace

Reply offset_page(const Call& call, Collection& rows, const PageRules& rules, const WriteRow& write,
                  bool backwards) {
  try {
    const uint64_t limit = limit_of(call, rules), offset = count_of(call, "offset", 0, 0, kMost);
    std::vector<Row> page;
    if (backwards) {
      page = rows.all();
      std::reverse(page.begin(), page.end());
      const auto skipped = static_cast<ptrdiff_t>(std::min<uint64_t>(offset, page.size()));
      page.erase(page.begin(), page.begin() + skipped);
      if (page.size() > limit) page.resize(limit);
    } else {
      page = rows.page(offset, limit);
    }
    Reply reply;
    reply.body = R"({"data":[)";
    JsonWriter writer(reply.body);
    for (uint64_t i = 0; i < page.size(); ++i) {
      if (i > 0) writer.raw(',');
      write(page[i], writer);
      write_extra(call.extra_keys, offset + i, reply.body);
      writer.raw('}');
    }
    reply.body += "]}";
    return reply;
  } catch (Refused& refused) {
    return std::move(refused.reply);
  }
}

Reply offset_page(const Call& call, const std::vector<std::string>& rows, const PageRules& rules) {
  try {
    const uint64_t limit = limit_of(call, rules), offset = count_of(call, "offset", 0, 0, kMost);
    Reply reply;
    reply.body = R"({"data":[)";
    for (uint64_t i = offset; i < rows.size() && i - offset < limit; ++i) {
      if (i > offset) reply.body += ',';
      reply.body += rows[i];
      write_extra(call.extra_keys, i, reply.body);
      reply.body += '}';
    }
    reply.body += "]}";
    return reply;
  } catch (Refused& refused) {
    return std::move(refused.reply);
  }
}

CursorPage take_cursor_page(const Call& call, Collection& rows, const PageRules& rules,
                            const WriteRow& write) {
  try {
    return read_cursor_page(call, rows, rules, write);
  } catch (Refused& refused) {
    return {std::move(refused.reply), "", ""};
  }
}

Reply cursor_page(const Call& call, Collection& rows, const PageRules& rules,
                  const WriteRow& write) {
  CursorPage page = take_cursor_page(call, rows, rules, write);
  if (page.refusal) return std::move(*page.refusal);
  Reply reply;
  reply.body = fmt::format(R"({{"data":{},"pagination":{{"next_cursor":{}}}}})", page.rows,
                           page.next_cursor);
  return reply;
}

std::optional<Reply> refuse_parameters(const Call& call, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (call.query.find(name))
      return filter_error(fmt::format("The sandbox has no parameter {} here.", name));
  return std::nullopt;
}

Switch read_switch(const Call& call, const char* name) {
  const auto text = call.query.find(name);
  if (!text || *text == "false") return {};
  if (*text == "true") return {true, std::nullopt};
  return {false, invalid_parameters(fmt::format(
                     R"({{"code":"invalid_type","path":["{}"],"message":"Expected boolean"}})", name))};
}

}  // namespace sandbox
